import type { ClickHouseClient } from "@clickhouse/client";
import { insertNative } from "@throughline/schemas/clickhouse/insert-native";
import type { BatchBounds } from "./batch-journal.ts";
import type { TableBlock } from "./encode-batch.ts";

/** Rows of each kind in a batch. */
export interface BatchCounts {
  events: number;
  spans: number;
  logs: number;
  quarantined: number;
}

export function countRows(blocks: readonly TableBlock[]): BatchCounts {
  const rowsOf = (table: string) => blocks.find((block) => block.table === table)?.rows ?? 0;
  return {
    events: rowsOf("events"),
    spans: rowsOf("otel_traces"),
    logs: rowsOf("otel_logs"),
    quarantined: rowsOf("quarantine"),
  };
}

/**
 * Stores a table's rows of a batch. However often it is called for the same batch, the rows are in the table once, and
 * once in the target of each of its views.
 */
export async function insertBlock(client: ClickHouseClient, block: TableBlock, token: string): Promise<void> {
  await insertNative(client, { table: block.table, block: block.block, token: `${token}:${block.table}` });
}

/** Says that all tables have taken a batch; readers may have it from then on. */
export async function insertCommit(
  client: ClickHouseClient,
  batch: { log: string; bounds: BatchBounds; counts: BatchCounts },
): Promise<void> {
  const { log, bounds, counts } = batch;
  await client.insert({
    table: "commits",
    values: [
      {
        log,
        batch: bounds.batch,
        first_position: bounds.firstPosition,
        last_position: bounds.lastPosition,
        ...counts,
        committed_at: Date.now(),
      },
    ],
    format: "JSONEachRow",
    clickhouse_settings: {
      insert_deduplication_token: `${toBatchToken(log, bounds)}:commits`,
      async_insert: 0,
      wait_end_of_query: 1,
    },
  });
}

/** The same batch, the same token: made of the log, the number of the batch and its bounds. */
export function toBatchToken(log: string, bounds: BatchBounds): string {
  return `${log}:${bounds.batch}:${bounds.firstPosition}-${bounds.lastPosition}`;
}
