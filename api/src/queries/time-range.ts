import { AppError } from "@throughline/schemas/error";
import type { TimeRange } from "../contract/figure.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_RANGE_MS = 3 * 366 * DAY_MS;

/**
 * The range that a figure counts: whole hours around what was asked, since counts are kept by the hour; the last 24 hours
 * when nothing was asked. Throws `invalid_request` where it ends before it begins or spans more than three years.
 */
export function toWholeHours(asked: { from?: string | undefined; to?: string | undefined }, now: number): TimeRange {
  const to = Math.ceil(asked.to === undefined ? now / HOUR_MS : Date.parse(asked.to) / HOUR_MS) * HOUR_MS;
  const from = asked.from === undefined ? to - DAY_MS : Math.floor(Date.parse(asked.from) / HOUR_MS) * HOUR_MS;
  assertRange(from, to);
  return { from: toInstant(from), to: toInstant(to) };
}

/** The moment that is asked of: the one given, else now. Of a moment to come no more is known than now. */
export function toMoment(asOf: string | undefined, now: () => number): number {
  return Math.min(asOf === undefined ? Infinity : Date.parse(asOf), now());
}

/** The part of a range in which something can have arrived by a moment, to the end of the minute of that moment. */
export function endAt(range: TimeRange, time: number): TimeRange {
  const end = toInstant(Math.ceil((time + 1) / MINUTE_MS) * MINUTE_MS);
  return end < range.to ? { from: range.from < end ? range.from : end, to: end } : range;
}

/** Throws `invalid_request` when both ends are given and the wrong way round. */
export function assertOrdered(asked: { from?: string | undefined; to?: string | undefined }) {
  if (asked.from === undefined || asked.to === undefined) return;
  if (Date.parse(asked.from) >= Date.parse(asked.to)) throw toIssue("must be before `to`");
}

export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

function assertRange(from: number, to: number) {
  if (from >= to) throw toIssue("must be before `to`");
  if (to - from > MAX_RANGE_MS) throw toIssue("must be within three years of `to`");
}

function toIssue(message: string) {
  return new AppError("invalid_request", "The time range cannot be used.", {
    issues: [{ path: "/query/from", message }],
  });
}
