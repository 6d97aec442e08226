import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { BlindTime } from "../blindness/blind-times.ts";
import type { FeedFinding } from "../contract/coverage.ts";
import type { TimeRange } from "../contract/figure.ts";
import { type Delivery, judgeBatch } from "../projections/feeds/judge-batch.ts";
import type { FeedCountRow, FeedFacts, GapRow, TrailerRow } from "../queries/list-feed-facts.ts";
import { toInstant } from "../queries/time-range.ts";

const HOUR_MS = 3_600_000;

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

/** What is wrong with feeds, what goes on first, then the newest. An outage is one, and so are the gaps of a feed. */
export function toFindings(
  facts: FeedFacts,
  of: { blind: readonly BlindTime[]; deliveries: readonly FeedDeliveryOf[] },
): FeedFinding[] {
  const gaps = [...Map.groupBy(facts.gaps, ({ source }) => source)].map(([source, own]) => toGapFinding(source, own));
  const findings = [
    ...of.blind.map(toSilence),
    ...gaps,
    ...facts.behind.map((row) => toCounted(row, "behind-watermark", "arrived behind the watermark")),
    ...facts.clockAhead.map((row) => toCounted(row, "clock-ahead", "refused for lying too far in the future")),
    ...of.deliveries.flatMap(toBatchFinding),
  ];
  return findings.toSorted(
    (a, b) =>
      Number(a.until !== null) - Number(b.until !== null) || (a.since < b.since ? 1 : a.since > b.since ? -1 : 0),
  );
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

function toCounted(row: FeedCountRow, kind: "behind-watermark" | "clock-ahead", detail: string): FeedFinding {
  const mostMs = kind === "behind-watermark" ? row.most_ms : null;
  return { source: row.source, kind, since: row.first_at, until: row.first_at, count: row.count, mostMs, detail };
}

function toBatchFinding({ source, name, day, dueAt, arrivedAt, faults }: FeedDeliveryOf): FeedFinding[] {
  if (faults.length === 0) return [];
  const until = faults.includes("missing") || arrivedAt === undefined ? null : toInstant(arrivedAt);
  const detail = `${name} of ${day}: ${faults.join(", ")}`;
  return [{ source, kind: "batch", since: toInstant(dueAt), until, count: 1, mostMs: null, detail }];
}
