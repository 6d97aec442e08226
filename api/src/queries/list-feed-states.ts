import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import { type FeedState, feedStateSchema } from "../projections/feeds/feed-state.ts";
import type { Asker, StoreReader } from "./ask.ts";

const stateRow = z.object({ source: z.string(), body: z.string() });

/** What evaluation goes by of each source, by its name. Read without a scope, since it tells of no site. */
export async function listFeedStates(reader: StoreReader, { signal }: Asker): Promise<Map<string, FeedState>> {
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-feed-states",
      sql: "SELECT source, argMax(body, batch) AS body FROM feed_states GROUP BY source LIMIT 100000",
      values: {},
      row: stateRow,
    },
  );
  return new Map(rows.map(({ source, body }) => [source, feedStateSchema.parse(JSON.parse(body))]));
}
