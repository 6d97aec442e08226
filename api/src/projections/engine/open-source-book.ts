import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { FeedRule } from "../feeds/feed-rule.ts";
import { type FeedState, feedStateSchema, UNHEARD } from "../feeds/feed-state.ts";
import { readRows } from "./read-rows.ts";
import { createSourceBook, type SourceBook } from "./source-book.ts";

const stateRow = z.tuple([z.string(), z.string()]);
const earlierRow = z.tuple([z.string(), z.number(), z.number().nullable(), z.number().nullable(), z.number()]);
const typeRow = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

/** Reads what is known of the sources; of what they send only what was known before a step. */
export async function openSourceBook(
  client: ClickHouseClient,
  { ruleOf, before }: { ruleOf: (source: string) => FeedRule; before: number },
): Promise<SourceBook> {
  const [earlier, states, types] = await Promise.all([
    listEarlierStates(client),
    readRows(client, stateRow, {
      caller: "projector.feeds",
      sql: "SELECT source, argMax(body, batch) FROM feed_states GROUP BY source LIMIT 100000",
    }),
    readRows(client, typeRow, {
      caller: "projector.source-types",
      sql: `SELECT source, type, site, domain, supplier FROM source_types GROUP BY ALL
        HAVING min(since_batch) < {before: UInt64} ORDER BY ALL LIMIT 1000000`,
      values: { before },
    }),
  ]);
  const known = new Map(earlier);
  for (const [source, body] of states) known.set(source, feedStateSchema.parse(JSON.parse(body)));
  const carried = types.map(([source, type, site, domain, supplier]) => ({ source, type, site, domain, supplier }));
  return createSourceBook(ruleOf, { states: known, types: carried });
}

/** States of sources as they were kept before all of it was: enough for those not heard of since. */
async function listEarlierStates(client: ClickHouseClient): Promise<[string, FeedState][]> {
  const rows = await readRows(client, earlierRow, {
    caller: "projector.sources",
    sql: `SELECT source, toUnixTimestamp64Milli(max(last_arrived_at)), toUnixTimestamp64Milli(max(last_heartbeat_at)),
        toUnixTimestamp64Milli(max(watermark_at)), max(is_complete)
      FROM source_states GROUP BY source LIMIT 100000`,
  });
  return rows.map(([source, heardAt, heartbeatAt, saidAt, isComplete]) => [
    source,
    {
      ...UNHEARD,
      heardAt,
      hasHeartbeat: heartbeatAt !== null,
      saidAt: Math.min(saidAt ?? 0, heardAt),
      isComplete: isComplete === 1,
    },
  ]);
}
