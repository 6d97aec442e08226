import { type WorkingTime, addDays, dayOf } from "@throughline/schemas/calendar/working-time";

/** Business days from one moment to a later one: the days with shifts after the first day, up to and with the last. */
export function countWorkingDays({ isWorkingDay, zone }: WorkingTime, from: number, until: number): number {
  const last = dayOf(until, zone);
  let days = 0;
  for (let day = addDays(dayOf(from, zone), 1); day <= last; day = addDays(day, 1)) if (isWorkingDay(day)) days += 1;
  return days;
}
