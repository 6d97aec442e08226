import type { ClickHouseClient } from "@clickhouse/client";
import { readRawRows } from "./engine/read-rows.ts";

/** Empties all tables but the record of migrations. */
export async function clearStore(client: ClickHouseClient) {
  const tables = await readRawRows(client, {
    caller: "test",
    sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'migrations'",
  });
  for (const [table] of tables) await client.command({ query: `TRUNCATE TABLE ${String(table)}` });
}
