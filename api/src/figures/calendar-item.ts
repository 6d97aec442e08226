import { type Calendar, WEEKDAYS } from "@throughline/schemas/calendar/calendar";
import { createDaysOff } from "@throughline/schemas/calendar/days-off";
import { dayOf, mergeIntervals, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import { findZoneChange, offsetOf } from "@throughline/schemas/calendar/zone-change";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { CalendarItem } from "../contract/calendar.ts";

/** How far ahead the next shift is looked for. */
const AHEAD_MS = 40 * 86_400_000;

/** A calendar as it stands at a moment, with the days off that come and the legs that go by it. */
export function toCalendarItem(
  calendar: Calendar,
  { pack, working, now, days }: { pack: Pack; working: WorkingTime; now: number; days: number },
): CalendarItem {
  const { id, title, zone, shifts, holidays } = calendar;
  const change = findZoneChange(now, zone);
  const [shift] = mergeIntervals(working.list({ from: now, until: now + AHEAD_MS }));
  const changesAt = shift && (shift.from > now ? shift.from : shift.until);
  return {
    id,
    title,
    zone,
    offset: offsetOf(now, zone),
    isOpen: working.isWorking(now),
    changesAt: changesAt === undefined || changesAt > now + AHEAD_MS ? null : new Date(changesAt).toISOString(),
    shifts: WEEKDAYS.map((weekday) => ({ weekday, hours: shifts[weekday] ?? [] })),
    holidays: holidays ? { country: holidays.country, region: holidays.region ?? "" } : null,
    daysOff: createDaysOff(calendar).list(dayOf(now, zone), days),
    zoneChange: change ? { ...change, at: new Date(change.at).toISOString() } : null,
    legs: listLegs(pack, id),
  };
}

function listLegs({ flows }: Pack, calendar: string): CalendarItem["legs"] {
  return [...flows.values()].flatMap((flow) =>
    flow.legs
      .filter(({ targets }) => targets.some((target) => target.calendar === calendar))
      .map(({ id, title }) => ({ flow: flow.id, leg: id, title })),
  );
}
