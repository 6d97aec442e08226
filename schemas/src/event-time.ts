import { addDays, dayOf, toInstant } from "./calendar/working-time.ts";
import type { Event } from "./event.ts";

/** When an event happened, in milliseconds since 1970 UTC: at `timeMs` or at most `impreciseMs` later. */
export interface EventTime {
  timeMs: number;
  impreciseMs: number;
}

/**
 * The time of a valid event; undefined where it gives none. Of a day, the time is its first millisecond: in the zone that
 * the event names, else at the offset with which its time is written, where a day has 24 hours.
 */
export function toEventTime({ time, data }: Pick<Event, "time" | "data">): EventTime | undefined {
  if (!time) return undefined;
  const timeMs = toTimeMs(time);
  if (typeof data !== "object" || data?.precision !== "day") return { timeMs, impreciseMs: 0 };
  if (data.zone === undefined)
    return { timeMs: toTimeMs(`${time.slice(0, 10)}T00:00:00${toOffset(time)}`), impreciseMs: 86_399_999 };
  const day = dayOf(timeMs, data.zone);
  const start = toInstant(day, "00:00", data.zone);
  return { timeMs: start, impreciseMs: toInstant(addDays(day, 1), "00:00", data.zone) - start - 1 };
}

function toTimeMs(time: string): number {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? Date.parse(time.toUpperCase()) : parsed;
}

function toOffset(time: string): string {
  return /([zZ]|[+-]\d{2}:\d{2})$/.exec(time)?.[0] ?? "Z";
}
