import { AppError } from "@throughline/schemas/error";
import type { Span } from "./cases.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_MS = 28 * DAY_MS;
const MAX_MS = 366 * DAY_MS;
const MOST_STEPS = 14;

/**
 * The period of the figures: as asked, else the 28 days before the hour that runs, which hold each day of the week as often as
 * the 28 before them. Throws `invalid_request` where it ends before it begins or is longer than a year.
 */
export function toPeriod(asked: { from?: string | undefined; to?: string | undefined }, now: number): Span {
  const to = asked.to === undefined ? Math.floor(now / HOUR_MS) * HOUR_MS : Date.parse(asked.to);
  const from = asked.from === undefined ? to - DEFAULT_MS : Date.parse(asked.from);
  if (from >= to) throw toIssue("must be before `to`, and not ahead of now");
  if (to - from > MAX_MS) throw toIssue("must be within a year of `to`");
  return { from, to };
}

/** The same length of time directly before. */
export function toBaseline({ from, to }: Span): Span {
  return { from: from - (to - from), to: from };
}

/** True when both hold each day of the week equally often. */
export function isLikeForLike({ from, to }: Span): boolean {
  return (to - from) % (7 * DAY_MS) === 0;
}

/** Whole days, at most fourteen steps of them, from the end backwards; the first may be shorter. */
export function listSteps({ from, to }: Span): Span[] {
  const stepMs = Math.ceil((to - from) / DAY_MS / MOST_STEPS) * DAY_MS;
  const steps: Span[] = [];
  for (let end = to; end > from; end -= stepMs) steps.unshift({ from: Math.max(from, end - stepMs), to: end });
  return steps;
}

function toIssue(message: string): AppError {
  const issues = [{ path: "/query/from", message }];
  return new AppError("invalid_request", "The time range cannot be used.", { issues });
}
