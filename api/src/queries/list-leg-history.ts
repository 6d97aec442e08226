import { TupleParam } from "@clickhouse/client";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { LEG_COLUMNS, type LegRow, legRow } from "./leg-row.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

export const MAX_LEG_ROWS = 5000;

/** Every verdict of the legs of the instances, oldest first. At most 50 instances and 5,000 verdicts. */
export async function listLegHistory(
  reader: StoreReader,
  asker: Asker,
  { instances, flows, asOf }: { instances: readonly ObjectKey[]; flows: readonly string[]; asOf: string | undefined },
): Promise<LegRow[]> {
  if (instances.length === 0) return [];
  return reader.ask(asker, {
    caller: "list-leg-history",
    sql: `SELECT ${LEG_COLUMNS}
      FROM leg_verdicts
      WHERE flow IN {flows: Array(String)} AND (instance_type, instance_id) IN {instances: Array(Tuple(String, String))}
        AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}
      ORDER BY flow, instance_type, instance_id, leg, occurrence, batch
      LIMIT ${MAX_LEG_ROWS}`,
    values: {
      flows,
      instances: instances.map(({ type, id }) => new TupleParam([type, id])),
      asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z"),
    },
    row: legRow,
  });
}
