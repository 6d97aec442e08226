import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { BlindTime } from "../blindness/blind-times.ts";
import type { FeedFinding } from "../contract/coverage.ts";
import type { TimeRange } from "../contract/figure.ts";
import { type Delivery, judgeBatch } from "../projections/feeds/judge-batch.ts";
import type { ClockAheadRow } from "../queries/count-clock-ahead.ts";
import type { FeedCountRow, FeedFacts, GapRow, TrailerRow } from "../queries/list-feed-facts.ts";
import type { LogGapRow } from "../queries/list-log-gaps.ts";
import { toInstant } from "../queries/time-range.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Lateness that comes again within this time is one that goes on. */
const RECURS_WITHIN_MS = 15 * MINUTE_MS;

/** Of what goes on: what makes most unknown comes first. */
const WORST_FIRST: readonly FeedFinding["kind"][] = [
  "log-gap",
  "silent",
  "clock-ahead",
  "batch",
  "missing-numbers",
  "behind-watermark",
];

/** An expected batch of a source with what came of it. */
export interface FeedDeliveryOf extends Delivery {
  source: string;
  name: string;
}

interface BatchContext {
  pack: Pick<Pack, "sources">;
  workingTimes: ReadonlyMap<string, WorkingTime>;
  range: TimeRange;
  now: number;
}

/** The batches that sources promise for the range, with what has come of them by now, the newest first. */
export function listDeliveries(
  trailers: readonly TrailerRow[],
  { pack, workingTimes, range, now }: BatchContext,
): FeedDeliveryOf[] {
  const until = Math.min(now, Date.parse(range.to));
  const from = Date.parse(range.from);
  return pack.sources
    .flatMap(({ source, batches = [] }) =>
      batches.flatMap((expected) => {
        const working = workingTimes.get(expected.calendar);
        if (working === undefined) return [];
        const own = trailers.filter((row) => row.source === source && row.name === expected.name).map(toTrailer);
        const opensMs = expected.opensHoursBefore * HOUR_MS;
        return judgeBatch(expected, own, { working, from, now })
          .filter(({ dueAt }) => dueAt - opensMs <= until)
          .map((delivery) => ({ ...delivery, source, name: expected.name }));
      }),
    )
    .toSorted((a, b) => b.dueAt - a.dueAt);
}

/** What is known of feeds besides the facts in the store. */
export interface FeedCircumstances {
  blind: readonly BlindTime[];
  deliveries: readonly FeedDeliveryOf[];
  logGaps: readonly LogGapRow[];
  clockAhead: readonly ClockAheadRow[];
  /** When something of a feed was accepted last; undefined for one of which nothing ever was. */
  acceptedAt: (source: string) => number | undefined;
  range: TimeRange;
  now: number;
}

/**
 * What is wrong with feeds: what goes on first, the worst kinds before others, then what ended, each the newest first. An outage is
 * one, and so are the gaps of a feed.
 */
export function toFindings(facts: FeedFacts, of: FeedCircumstances): FeedFinding[] {
  const gaps = [...Map.groupBy(facts.gaps, ({ source }) => source)].map(([source, own]) => toGapFinding(source, own));
  const findings = [
    ...of.logGaps.map(toLogGapFinding),
    ...of.blind.map(toSilence),
    ...gaps,
    ...facts.behind.map((row) => toBehindFinding(row, of)),
    ...of.clockAhead.map((row) => toAheadFinding(row, of)),
    ...of.deliveries.flatMap(toBatchFinding),
  ];
  return findings.toSorted((a, b) => toRank(a) - toRank(b) || (a.since < b.since ? 1 : a.since > b.since ? -1 : 0));
}

function toRank({ kind, until }: FeedFinding): number {
  return until === null ? WORST_FIRST.indexOf(kind) : WORST_FIRST.length;
}

function toTrailer(row: TrailerRow) {
  const { id, counted } = row;
  return {
    id,
    counted,
    arrivedAt: Date.parse(row.arrived_at),
    rows: row.rows ?? undefined,
    events: row.events ?? undefined,
  };
}

function toSilence({ source, from, until }: BlindTime): FeedFinding {
  return {
    source,
    kind: "silent",
    count: 1,
    mostMs: null,
    since: toInstant(from),
    until: until === undefined ? null : toInstant(until),
    detail: until === undefined ? "nothing is heard of it" : "nothing was heard of it",
  };
}

function toGapFinding(source: string, gaps: readonly GapRow[]): FeedFinding {
  const ranges = gaps.slice(0, 5).map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`));
  return {
    source,
    kind: "missing-numbers",
    count: countMissing(gaps),
    mostMs: null,
    until: null,
    since: gaps.map((gap) => gap.noticed_at).toSorted()[0] ?? toInstant(0),
    detail: `missing: ${ranges.join(", ")}${gaps.length > 5 ? " and more" : ""}`,
  };
}

export function countMissing(gaps: readonly GapRow[]): number {
  return gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** It goes on while the last one is recent, since the feed still says too early that it is complete. */
function toBehindFinding(row: FeedCountRow, { range, now }: FeedCircumstances): FeedFinding {
  const endedAt = Math.min(Date.parse(row.last_at) + MINUTE_MS, now);
  const isGoingOn = isUpToNow(range, now) && now - endedAt < RECURS_WITHIN_MS;
  return {
    source: row.source,
    kind: "behind-watermark",
    since: row.first_at,
    until: isGoingOn ? null : toInstant(endedAt),
    count: row.count,
    mostMs: row.most_ms,
    detail: "arrived behind the watermark",
  };
}

/** It goes on until something of the feed is accepted again. */
function toAheadFinding(row: ClockAheadRow, { acceptedAt, range, now }: FeedCircumstances): FeedFinding {
  const isGoingOn = isUpToNow(range, now) && (acceptedAt(row.source) ?? 0) <= Date.parse(row.last_at);
  return {
    source: row.source,
    kind: "clock-ahead",
    since: row.first_at,
    until: isGoingOn ? null : row.last_at,
    count: row.count,
    mostMs: null,
    detail: "refused for lying too far in the future",
  };
}

function isUpToNow({ to }: TimeRange, now: number): boolean {
  return Date.parse(to) >= now;
}

function toLogGapFinding({ log, first, last, noticed_at: since }: LogGapRow): FeedFinding {
  const positions = first === last ? `position ${first}` : `positions ${first}–${last}`;
  return {
    source: log,
    kind: "log-gap",
    since,
    until: null,
    count: last - first + 1,
    mostMs: null,
    detail: `${positions} of this log of a gateway did not reach the store, and nothing behind them is evaluated`,
  };
}

function toBatchFinding({ source, name, day, dueAt, arrivedAt, faults }: FeedDeliveryOf): FeedFinding[] {
  if (faults.length === 0) return [];
  const until = faults.includes("missing") || arrivedAt === undefined ? null : toInstant(arrivedAt);
  const detail = `${name} of ${day}: ${faults.join(", ")}`;
  return [{ source, kind: "batch", since: toInstant(dueAt), until, count: 1, mostMs: null, detail }];
}
