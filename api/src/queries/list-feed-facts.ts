import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { endAt } from "./time-range.ts";

const MAX_ROWS = 10_000;

const NEVER = "2199-12-31T00:00:00.000Z";

const gapRow = z.object({
  source: z.string(),
  epoch: z.int(),
  first: z.int(),
  last: z.int(),
  state: z.string(),
  noticed_at: instant,
});
const feedCountRow = z.object({
  source: z.string(),
  count: z.int(),
  most_ms: z.int(),
  first_at: instant,
  last_at: instant,
});
const trailerRow = z.object({
  source: z.string(),
  name: z.string(),
  id: z.string(),
  arrived_at: instant,
  rows: z.int().nullable(),
  events: z.int().nullable(),
  counted: z.int(),
});

export type GapRow = z.infer<typeof gapRow>;
export type FeedCountRow = z.infer<typeof feedCountRow>;
export type TrailerRow = z.infer<typeof trailerRow>;

/** What the store knows of feeds, none of which tells of a site; the caller shows only feeds that the asker sees. */
export interface FeedFacts {
  gaps: readonly GapRow[];
  behind: readonly FeedCountRow[];
  trailers: readonly TrailerRow[];
}

export interface FeedQuestion {
  sources: readonly string[];
  range: TimeRange;
  /** The moment whose knowledge is asked for, in milliseconds since 1970 UTC; undefined: now. */
  atMs: number | undefined;
}

/**
 * Missing numbers as they stand or stood, and what arrived in the range behind its watermark (by the minute), or
 * in batches, these also in the days around it, up to the moment that is asked of.
 */
export async function listFeedFacts(
  reader: StoreReader,
  { signal }: Asker,
  { sources, range, atMs }: FeedQuestion,
): Promise<FeedFacts> {
  const asker = { scope: EVERYTHING, ...(signal && { signal }) };
  const { from, to } = atMs === undefined ? range : endAt(range, atMs);
  const at = toStoreTime(atMs ?? NEVER);
  const values = { sources, from: toStoreTime(from), to: toStoreTime(to), at };
  const [gaps, behind, trailers] = await Promise.all([
    reader.ask(asker, {
      caller: "list-sequence-gaps",
      sql: `SELECT source, epoch, first, last, argMax(state, batch) AS state, min(noticed_at) AS noticed_at
        FROM sequence_gaps WHERE source IN {sources: Array(String)} AND known_at <= {at: DateTime64(3, 'UTC')}
        GROUP BY source, epoch, first, last HAVING state != 'filled'
        ORDER BY source, epoch, first LIMIT ${MAX_ROWS}`,
      values: { sources, at },
      row: gapRow,
    }),
    reader.ask(asker, {
      caller: "sum-source-lateness",
      sql: `SELECT source, sum(behind) AS count, toInt64(max(behind_ms)) AS most_ms, toDateTime64(min(minute), 3, 'UTC') AS first_at,
          toDateTime64(max(minute), 3, 'UTC') AS last_at
        FROM source_lateness
        WHERE source IN {sources: Array(String)} AND minute >= {from: DateTime64(3, 'UTC')} AND minute < {to: DateTime64(3, 'UTC')}
        GROUP BY source LIMIT ${MAX_ROWS}`,
      values,
      row: feedCountRow,
    }),
    reader.ask(asker, {
      caller: "list-feed-batches",
      sql: `SELECT source, name, id, arrived_at, rows, events, toInt64(counted) AS counted FROM feed_batches
        WHERE source IN {sources: Array(String)} AND arrived_at >= {from: DateTime64(3, 'UTC')} - INTERVAL 8 DAY
          AND arrived_at < {to: DateTime64(3, 'UTC')} + INTERVAL 8 DAY AND known_at <= {at: DateTime64(3, 'UTC')}
        ORDER BY arrived_at DESC LIMIT ${MAX_ROWS}`,
      values,
      row: trailerRow,
    }),
  ]);
  return { gaps, behind, trailers };
}
