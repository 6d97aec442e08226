import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { EXCUSE_COLUMNS, type ExcuseRow, excuseRow } from "./excuse-row.ts";

const MAX_ROWS = 10_000;

/** All versions of windows up to a moment, in the order of their ids and versions. */
export async function listExcuseVersions(
  reader: StoreReader,
  asker: Asker,
  { ids, asOf }: { ids: readonly string[]; asOf: string | undefined },
): Promise<ExcuseRow[]> {
  if (ids.length === 0) return [];
  return reader.ask(asker, {
    caller: "list-excuse-versions",
    sql: `SELECT ${EXCUSE_COLUMNS} FROM excuse_windows
      WHERE id IN {ids: Array(String)} AND at <= {asOf: DateTime64(3, 'UTC')}
      ORDER BY id, version LIMIT ${MAX_ROWS}`,
    values: { ids, asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z") },
    row: excuseRow,
  });
}
