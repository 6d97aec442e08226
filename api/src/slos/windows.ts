import { addDays, dayOf, toInstant, type WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { Slo } from "@throughline/schemas/pack/slo";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Days that are looked through for days with shifts, so that a calendar with few of them cannot go on for ever. */
const MAX_DAYS = 3 * 365;

/** A span of time, `toMs` not included, in milliseconds since 1970 UTC. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** The `lengthMs` before `settledMs`, by whole minutes. */
export function toBurnSpan(settledMs: number, lengthMs: number): Span {
  const toMs = Math.floor(settledMs / MINUTE_MS) * MINUTE_MS;
  return { fromMs: toMs - lengthMs, toMs };
}

/**
 * The span over which an objective is kept, by whole hours, to the end of the hour of `nowMs`. With a calendar it begins
 * with the local day that is the last but `days` with shifts, the day of `nowMs` among them; three years back at most.
 */
export function toBudgetSpan(
  { days, calendar }: Slo["window"],
  { nowMs, workingTimes }: { nowMs: number; workingTimes: ReadonlyMap<string, WorkingTime> },
): Span {
  const toMs = Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
  const working = calendar === undefined ? undefined : workingTimes.get(calendar);
  if (working === undefined) return { fromMs: toMs - days * DAY_MS, toMs };
  let day = dayOf(nowMs, working.zone);
  for (let passed = 0, counted = 0; passed < MAX_DAYS; passed += 1) {
    if (working.isWorkingDay(day)) counted += 1;
    if (counted === days) break;
    day = addDays(day, -1);
  }
  return { fromMs: Math.floor(toInstant(day, "00:00", working.zone) / HOUR_MS) * HOUR_MS, toMs };
}
