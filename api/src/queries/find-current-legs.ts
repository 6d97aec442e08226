import { TupleParam } from "@clickhouse/client";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { DECIDED_VERDICTS } from "@throughline/schemas/leg";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import { toStoreTime } from "./conditions.ts";
import { LEG_COLUMNS, type LegKeyRow, type LegRow, legRow, toLegKeyText } from "./leg-row.ts";

const KEY = "flow, leg, instance_type, instance_id, occurrence";

/** True where a verdict had been decided that is not the newest one. */
const IS_CORRECTED = `arrayExists(decided -> decided != verdict,
  groupUniqArrayIf(verdict, is_removed = 0 AND verdict IN {decided: Array(String)}) OVER (PARTITION BY ${KEY}))`;

/**
 * The newest verdict of each leg, by the text of its key, removed ones too. Read without a scope, because a leg that moved
 * to another site is no longer what its old site last saw; the caller shows only rows that it found within the scope.
 */
export async function findCurrentLegs(
  reader: StoreReader,
  { signal }: Asker,
  of: { keys: readonly LegKeyRow[]; ceiling: string; asOf: string | undefined },
): Promise<Map<string, LegRow>> {
  const asker = { scope: EVERYTHING, ...(signal && { signal }) };
  const chunks = await Promise.all(
    toChunks(of.keys, (key) => toLegKeyText(key).length).map((keys) =>
      reader.ask(asker, {
        caller: "find-current-legs",
        sql: `SELECT ${LEG_COLUMNS}, ${IS_CORRECTED} AS is_corrected
          FROM leg_verdicts
          WHERE (${KEY}) IN {keys: Array(Tuple(String, String, String, String, UInt16))}
            AND batch <= {ceiling: UInt64} AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}
          ORDER BY batch DESC
          LIMIT 1 BY ${KEY}
          LIMIT {limit: UInt32}`,
        values: {
          keys: keys.map(
            (key) => new TupleParam([key.flow, key.leg, key.instance_type, key.instance_id, key.occurrence]),
          ),
          ceiling: of.ceiling,
          asOf: toStoreTime(of.asOf ?? "2199-12-31T00:00:00Z"),
          decided: [...DECIDED_VERDICTS],
          limit: keys.length,
        },
        row: legRow,
      }),
    ),
  );
  return new Map(chunks.flat().map((row) => [toLegKeyText(row), row]));
}
