import type { ClickHouseClient } from "@clickhouse/client";
import type { ItemRow } from "./item-row.ts";
import { toColumns } from "./item-store.ts";

/** What items of one object add to those that are open without an end, or take away: see `reconciliation_open`. */
export interface OpenChange {
  row: ReturnType<typeof toOpenColumns>;
  items: number;
}

/** What changes of the items that are open without an end when other rows are said of an object. */
export function listOpenChanges(before: readonly ItemRow[], after: readonly ItemRow[], domain: string): OpenChange[] {
  const changes = new Map<string, OpenChange>();
  const count = (rows: readonly ItemRow[], sign: 1 | -1) => {
    for (const item of rows.filter(({ until }) => until === undefined)) {
      const row = toOpenColumns(item, domain);
      const key = JSON.stringify(row);
      changes.set(key, { row, items: (changes.get(key)?.items ?? 0) + sign });
    }
  };
  count(before, -1);
  count(after, 1);
  return [...changes.values()].filter(({ items }) => items !== 0);
}

export async function insertOpen(
  client: ClickHouseClient,
  { changes, token }: { changes: readonly OpenChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "reconciliation_open",
    values: changes.map(({ row, items }) => ({ ...row, items })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

/** What is said of the item by whatever rules: the same, said by others, is the same. */
function toOpenColumns(item: ItemRow, domain: string) {
  const { until_at: _, rule_version: __, ...columns } = toColumns(item);
  return { ...columns, domain };
}
