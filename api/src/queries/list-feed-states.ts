import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import { type FeedState, feedStateSchema } from "../projections/feeds/feed-state.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond } from "./conditions.ts";

const MAX_SOURCES = 100_000;

const stateRow = z.object({ source: z.string(), body: z.string() });

/** What evaluation goes by of each source, by its name. Read without a scope, since it tells of no site. */
export async function listFeedStates(reader: StoreReader, asker: Asker): Promise<Map<string, FeedState>> {
  return readStates(reader, asker, {
    caller: "list-feed-states",
    sql: `SELECT source, argMax(body, batch) AS body FROM feed_states GROUP BY source LIMIT ${MAX_SOURCES}`,
    values: {},
  });
}

/** The same as of a moment, as it was at the end of the last whole minute up to then. */
export async function listFeedStatesAt(
  reader: StoreReader,
  asker: Asker,
  atMs: number,
): Promise<Map<string, FeedState>> {
  return readStates(reader, asker, {
    caller: "list-feed-states-at",
    sql: `SELECT source, argMax(body, batch) AS body FROM feed_history
      WHERE source != '' AND (source, until) IN (
        SELECT source, max(until) FROM feed_history WHERE until <= {at: DateTime('UTC')} GROUP BY source
      )
      GROUP BY source LIMIT ${MAX_SOURCES}`,
    values: { at: toStoreSecond(atMs) },
  });
}

async function readStates(
  reader: StoreReader,
  { signal }: Asker,
  question: { caller: string; sql: string; values: Record<string, unknown> },
): Promise<Map<string, FeedState>> {
  const rows = await reader.ask({ scope: EVERYTHING, ...(signal && { signal }) }, { ...question, row: stateRow });
  return new Map(rows.map(({ source, body }) => [source, feedStateSchema.parse(JSON.parse(body))]));
}
