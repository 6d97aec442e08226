import Holidays from "date-holidays";
import { Temporal } from "temporal-polyfill";
import type { Calendar } from "./calendar.ts";

/** A day that is not like others of its weekday. `open`: a holiday on which work goes on. */
export interface DayOff {
  day: string;
  /** Of the public holiday; empty where it is none. */
  name: string;
  kind: "holiday" | "closed" | "open";
}

/** The holidays and closing days of a calendar. */
export interface DaysOff {
  has: (day: Temporal.PlainDate) => boolean;
  /** Those of a number of days from one on, such as 2026-07-02, in order. */
  list: (from: string, days: number) => DayOff[];
}

/** Reads the public holidays of a year when they are asked for, and keeps them. */
export function createDaysOff(calendar: Calendar): DaysOff {
  const closed = new Set(calendar.closed);
  const open = new Set(calendar.open);
  const years = new Map<number, ReadonlyMap<string, string>>();
  const { holidays } = calendar;
  const source = holidays && new Holidays(holidays.country, holidays.region ?? "");
  const publicDays = (year: number): ReadonlyMap<string, string> => {
    const known = years.get(year);
    if (known) return known;
    const found = (source?.getHolidays(year) ?? []).filter(({ type }) => type === "public");
    const days = new Map(found.map(({ date, name }) => [date.slice(0, 10), name]));
    years.set(year, days);
    return days;
  };
  const find = (date: Temporal.PlainDate): DayOff | undefined => {
    const day = date.toString();
    const holiday = publicDays(date.year).get(day);
    if (closed.has(day)) return { day, name: holiday ?? "", kind: "closed" };
    return holiday === undefined ? undefined : { day, name: holiday, kind: open.has(day) ? "open" : "holiday" };
  };
  return {
    has: (day) => {
      const found = find(day);
      return found !== undefined && found.kind !== "open";
    },
    list: (from, days) => {
      const first = Temporal.PlainDate.from(from);
      return Array.from({ length: days }, (_, offset) => find(first.add({ days: offset }))).filter(
        (found) => found !== undefined,
      );
    },
  };
}
