import type { Pack } from "@throughline/schemas/pack/flow";
import type { Journey, JourneyLeg } from "../contract/journey.ts";
import type { LegClock } from "../queries/leg-row.ts";

/** Most closed times of one calendar; beyond them the rest is not said. */
const MAX_CLOSED = 1000;
const MAX_DAYS = 1100;
const DAY_MS = 86_400_000;

/** What the span and the calendars of a journey are read from. */
export type TimedLeg = Pick<JourneyLeg, "startedAt" | "endedAt" | "dueAt" | "calendar">;

/**
 * When the calendars that count the legs' time were closed: nights, weekends and holidays from the first moment of the legs
 * to the last, deadlines included.
 */
export function listClosedTimes(
  legs: readonly TimedLeg[],
  { pack, clock }: { pack: Pick<Pack, "calendars">; clock: LegClock },
): Journey["calendars"] {
  const moments = legs
    .flatMap(({ startedAt, endedAt, dueAt }) => [startedAt, endedAt, dueAt])
    .flatMap((at) => (at === null ? [] : [Date.parse(at)]));
  if (moments.length === 0) return [];
  const last = Math.max(...moments, clock.now);
  const span = { from: Math.max(Math.min(...moments), last - MAX_DAYS * DAY_MS), until: last };
  const ids = [...new Set(legs.map(({ calendar }) => calendar))].filter((id) => id !== "");
  return ids.toSorted().flatMap((id) => {
    const working = clock.workingTimes.get(id);
    if (working === undefined) return [];
    const closed = invert(working.list(span), span).slice(-MAX_CLOSED);
    return [{ id, title: pack.calendars.get(id)?.title ?? id, closed: closed.map(toInstants) }];
  });
}

interface Span {
  from: number;
  until: number;
}

/** What of a span the intervals, which are in order and apart, leave free. */
function invert(intervals: readonly Span[], span: Span): Span[] {
  const gaps: Span[] = [];
  let at = span.from;
  for (const { from, until } of intervals) {
    if (from > at) gaps.push({ from: at, until: Math.min(from, span.until) });
    at = Math.max(at, until);
  }
  if (at < span.until) gaps.push({ from: at, until: span.until });
  return gaps;
}

function toInstants({ from, until }: Span) {
  return { from: new Date(from).toISOString(), to: new Date(until).toISOString() };
}
