import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import type { Fact } from "../fact.ts";
import { readInstant } from "../feeds/observe-feed.ts";
import type { FeedChanges } from "./feed-changes.ts";
import type { Step } from "./steps.ts";

const MINUTE_MS = 60_000;

/** Stores what a step changed in what is known of the sources, each table under its own token. */
export async function insertFeedRows(
  client: ClickHouseClient,
  step: Step,
  { changes, token }: { changes: FeedChanges; token: string },
) {
  const insert = async (table: string, values: object[]) => {
    if (values.length === 0) return;
    await client.insert({
      table,
      values,
      format: "JSONEachRow",
      clickhouse_settings: { insert_deduplication_token: `${token}:${table}`, input_format_parallel_parsing: 0 },
    });
  };
  await Promise.all([
    insert("source_types", toTypeRows(changes, step)),
    insert("blind_intervals", toIntervalRows(changes, step)),
    insert("source_lateness", toLatenessRows(changes)),
    insert("sequence_gaps", toGapRows(changes, step)),
    insert(
      "feed_batches",
      changes.trailers.map((trailer) => toTrailerRow(trailer, step)),
    ),
    insert("feed_states", toStateRows(changes, step)),
    insert(
      "feed_history",
      toStateRows(changes, step).map((row) => ({ ...row, until: toMinuteEnd(step.now) })),
    ),
  ]);
}

/** The end of the minute in which something became known, in seconds since 1970 UTC; a whole minute is its own end. */
export function toMinuteEnd(now: number): number {
  return Math.ceil(now / MINUTE_MS) * 60;
}

function toStateRows({ states }: FeedChanges, { batch }: Step): object[] {
  return [...states].map(([source, state]) => ({ source, batch, body: JSON.stringify(state) }));
}

function toTypeRows({ newTypes }: FeedChanges, step: Step): object[] {
  return newTypes.map((type) => ({ ...type, since_batch: step.batch, known_at: toTimestamp(step.now) }));
}

function toIntervalRows({ intervals }: FeedChanges, step: Step): object[] {
  return intervals.map(({ source, site, domain, since, from, until }) => ({
    source,
    site,
    domain,
    silent_since: toTimestamp(since),
    blind_from: toTimestamp(from),
    blind_until: until === undefined ? null : toTimestamp(until),
    batch: step.batch,
    known_at: toTimestamp(step.now),
  }));
}

function toLatenessRows({ behind }: FeedChanges): object[] {
  const rows = new Map<string, { key: object; behind: number; behind_ms: number }>();
  for (const { fact, ms } of behind) {
    const { source, site, domain } = fact;
    const minute = Math.floor(fact.arrivedAt / MINUTE_MS) * 60;
    const id = [source, site, domain, minute].join("\u0000");
    const row = rows.get(id) ?? { key: { source, site, domain, minute }, behind: 0, behind_ms: 0 };
    rows.set(id, { key: row.key, behind: row.behind + 1, behind_ms: Math.max(row.behind_ms, ms) });
  }
  return [...rows.values()].map(({ key, ...sums }) => ({ ...key, ...sums }));
}

/** The last state of each range: one that opened and was filled in the same step has come and gone. */
function toGapRows({ gaps }: FeedChanges, step: Step): object[] {
  const rows = new Map<string, object>();
  for (const { source, site, domain, gap, state } of gaps)
    rows.set(`${source}\u0000${gap.epoch}/${gap.first}-${gap.last}`, {
      source,
      site,
      domain,
      epoch: gap.epoch,
      first: gap.first,
      last: gap.last,
      state,
      noticed_at: toTimestamp(gap.noticedAt),
      batch: step.batch,
      known_at: toTimestamp(step.now),
    });
  return [...rows.values()];
}

function toTrailerRow({ fact, counted }: { fact: Fact; counted: number }, step: Step): object {
  const { name, rows, events, watermark } = fact.attributes;
  const watermarkAt = readInstant(watermark);
  return {
    source: fact.source,
    name: typeof name === "string" ? name : "",
    arrived_at: toTimestamp(fact.arrivedAt),
    log: fact.log,
    position: fact.position,
    id: fact.id,
    time: toTimestamp(fact.time),
    rows: toCount(rows),
    events: toCount(events),
    counted,
    watermark_at: watermarkAt === undefined ? null : toTimestamp(watermarkAt),
    totals: JSON.stringify(fact.measures),
    batch: step.batch,
    known_at: toTimestamp(step.now),
    site: fact.site,
    domain: fact.domain,
  };
}

function toCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
