import { Temporal } from "temporal-polyfill";
import { AppError } from "../error.ts";
import { type Calendar, WEEKDAYS } from "./calendar.ts";
import { createDaysOff } from "./days-off.ts";

const CHUNK_DAYS = 400;
const MAX_CHUNKS = 60;

/** A span of time, the end not included, in milliseconds since 1970 UTC. */
export interface Interval {
  from: number;
  until: number;
}

/** The working time of one calendar. All times in milliseconds since 1970 UTC. */
export interface WorkingTime {
  /** The moment at which `durationMs` of working time have passed since `start`; a start outside counts from the next shift. */
  add: (start: number, durationMs: number) => number;
  /** The working time between two moments, 0 when the second is the earlier. */
  between: (from: number, until: number) => number;
  isWorking: (time: number) => boolean;
  /** True when the day, such as 2026-07-02, has shifts. */
  isWorkingDay: (day: string) => boolean;
  zone: string;
  /** The shifts that touch a span, merged where they join. */
  list: (span: Interval) => Interval[];
}

/** Works out shifts once for each stretch of days that is asked for and keeps them. */
export function createWorkingTime(calendar: Calendar): WorkingTime {
  const { has: isHoliday } = createDaysOff(calendar);
  const chunks = new Map<number, Interval[]>();
  const chunkOf = (index: number): Interval[] => {
    const known = chunks.get(index);
    if (known) return known;
    const shifts = listShifts(calendar, { firstDay: index * CHUNK_DAYS, isHoliday });
    if (chunks.size >= MAX_CHUNKS) chunks.clear();
    chunks.set(index, shifts);
    return shifts;
  };
  const indexOf = (time: number) => Math.floor(time / 86_400_000 / CHUNK_DAYS);

  const add = (start: number, durationMs: number): number => {
    let rest = durationMs;
    const first = indexOf(start) - 1;
    for (let index = first; index < first + MAX_CHUNKS; index += 1)
      for (const { from, until } of chunkOf(index)) {
        const begin = Math.max(from, start);
        if (until <= start) continue;
        if (rest <= until - begin) return begin + rest;
        rest -= until - begin;
      }
    throw new AppError(
      "invalid_configuration",
      `The calendar ${calendar.id} has too little working time for ${durationMs} ms.`,
    );
  };
  const list = (span: Interval): Interval[] => {
    const found: Interval[] = [];
    for (let index = indexOf(span.from) - 1; index <= indexOf(span.until); index += 1)
      for (const shift of chunkOf(index)) if (shift.until > span.from && shift.from < span.until) found.push(shift);
    return found;
  };
  return {
    add,
    list,
    between: (from, until) =>
      until <= from
        ? 0
        : list({ from, until }).reduce(
            (sum, shift) => sum + Math.min(shift.until, until) - Math.max(shift.from, from),
            0,
          ),
    isWorking: (time) => list({ from: time, until: time + 1 }).length > 0,
    isWorkingDay: (day) => {
      const date = Temporal.PlainDate.from(day);
      const weekday = WEEKDAYS[date.dayOfWeek - 1];
      return weekday !== undefined && calendar.shifts[weekday] !== undefined && !isHoliday(date);
    },
    zone: calendar.zone,
  };
}

/** The working time of each of a pack's calendars. */
export function createWorkingTimes(calendars: ReadonlyMap<string, Calendar>): ReadonlyMap<string, WorkingTime> {
  return new Map([...calendars].map(([id, calendar]) => [id, createWorkingTime(calendar)]));
}

function listShifts(
  calendar: Calendar,
  options: { firstDay: number; isHoliday: (day: Temporal.PlainDate) => boolean },
): Interval[] {
  const first = Temporal.PlainDate.from("1970-01-01").add({ days: options.firstDay });
  const shifts: Interval[] = [];
  for (let offset = 0; offset < CHUNK_DAYS; offset += 1) {
    const day = first.add({ days: offset });
    const weekday = WEEKDAYS[day.dayOfWeek - 1];
    if (weekday === undefined || options.isHoliday(day)) continue;
    for (const { from, to } of calendar.shifts[weekday] ?? []) {
      const until = to <= from || to === "24:00" ? day.add({ days: 1 }) : day;
      shifts.push({
        from: toInstant(day, from, calendar.zone),
        until: toInstant(until, to === "24:00" ? "00:00" : to, calendar.zone),
      });
    }
  }
  return mergeIntervals(shifts);
}

/**
 * The moment of a local day and time. A time that daylight saving skips is the later moment, one that it repeats the
 * earlier (Temporal's `compatible`).
 */
export function toInstant(day: Temporal.PlainDate | string, timeOfDay: string, zoneId: string): number {
  const date = Temporal.PlainDate.from(day);
  const local = date.toPlainDateTime(Temporal.PlainTime.from(timeOfDay));
  return local.toZonedDateTime(zoneId, { disambiguation: "compatible" }).epochMilliseconds;
}

/** The local day of a moment, such as 2026-07-02. */
export function dayOf(time: number, zoneId: string): string {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zoneId).toPlainDate().toString();
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** A moment plus an ISO 8601 duration: days, weeks and months by the local calendar, hours and less exactly. */
export function addDuration(start: number, duration: string, zoneId: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zoneId);
  return local.add(Temporal.Duration.from(duration), { overflow: "constrain" }).epochMilliseconds;
}

/** The union of intervals, in order, those that touch joined. Empty and reversed ones fall away. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const interval of intervals.filter(({ from, until }) => from < until).toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && interval.from <= last.until) last.until = Math.max(last.until, interval.until);
    else merged.push({ ...interval });
  }
  return merged;
}
