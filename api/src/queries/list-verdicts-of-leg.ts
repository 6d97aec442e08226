import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { LEG_COLUMNS, type LegKeyRow, legRow } from "./leg-row.ts";

/** Most verdicts of one leg that are read: the newest. */
export const MAX_VERDICTS = 500;

/** A verdict with where its start and end stand in the logs, and what it waited for. */
export const verdictRow = legRow.extend({
  start_log: z.string(),
  start_at: z.string(),
  end_log: z.string(),
  end_at: z.string(),
  wake_source: z.string(),
});
export type VerdictRow = z.infer<typeof verdictRow>;

/** The verdicts that were given of a leg up to a moment, oldest first; of more than 500 the newest. */
export async function listVerdictsOfLeg(
  reader: StoreReader,
  asker: Asker,
  { key, asOf }: { key: LegKeyRow; asOf: string | undefined },
): Promise<VerdictRow[]> {
  const rows = await reader.ask(asker, {
    caller: "list-verdicts-of-leg",
    sql: `SELECT ${LEG_COLUMNS}, start_log, toString(start_position) AS start_at, end_log, toString(end_position) AS end_at, wake_source
      FROM leg_verdicts
      WHERE flow = {flow: String} AND leg = {leg: String} AND instance_type = {instance_type: String}
        AND instance_id = {instance_id: String} AND occurrence = {occurrence: UInt16}
        AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}
      ORDER BY batch DESC
      LIMIT ${MAX_VERDICTS}`,
    values: { ...key, asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z") },
    row: verdictRow,
  });
  return rows.toReversed();
}
