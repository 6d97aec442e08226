import type { CalendarItem } from "@throughline/api/contract";
import { toTitle } from "../../format/title.ts";

export const DAY_WORDS: Record<CalendarItem["daysOff"][number]["kind"], string> = {
  holiday: "",
  closed: "closed",
  open: "worked all the same",
};

const SHORT = 3;
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** A calendar day such as 2026-11-26 in words: `Thu, 26 Nov 2026`. */
export function formatDay(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}

/** Weekdays in a row with the same shifts as one line: `Mon to Fri`, `08:00 to 17:00`. */
export function listHours(shifts: CalendarItem["shifts"]): { days: string; hours: string }[] {
  const lines: { first: string; last: string; hours: string }[] = [];
  for (const { weekday, hours } of shifts) {
    const name = toTitle(weekday).slice(0, SHORT);
    const text = hours
      .map(({ from, to }) => (from === "00:00" && to === "24:00" ? "all day" : `${from} to ${to}`))
      .join(", ");
    const line = { first: name, last: name, hours: text || "closed" };
    const before = lines.at(-1);
    if (before?.hours === line.hours) before.last = name;
    else lines.push(line);
  }
  return lines.map(({ first, last, hours }) => ({ days: first === last ? first : `${first} to ${last}`, hours }));
}

/** Which way the clocks of a zone go next. */
export function sayZoneChange({ offsetBefore, offsetAfter }: NonNullable<CalendarItem["zoneChange"]>): string {
  const forward = toMinutes(offsetAfter) > toMinutes(offsetBefore);
  return `go ${forward ? "forward" : "back"} from UTC${offsetBefore} to UTC${offsetAfter}`;
}

function toMinutes(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
