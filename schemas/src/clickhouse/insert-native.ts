import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";

/** An insert of whole blocks. `table` must be a constant name: it becomes part of the statement. */
export interface NativeInsert {
  table: string;
  block: Uint8Array;
  /** Same token, same insert: a repetition changes neither the table nor the targets of its views. */
  token?: string;
}

/** Inserts blocks of the Native format and returns when the engine has stored them. A column that the table lacks is refused. */
export async function insertNative(client: ClickHouseClient, insert: NativeInsert): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${insert.table} FORMAT Native`,
    values: Readable.from([insert.block]),
    clickhouse_settings: {
      async_insert: 0,
      input_format_skip_unknown_fields: 0,
      wait_end_of_query: 1,
      ...(insert.token && {
        insert_deduplication_token: insert.token,
        deduplicate_blocks_in_dependent_materialized_views: 1,
      }),
    },
  });
  for await (const _ of stream);
}
