import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import type { ReconciledStep } from "./find-reconciled-step.ts";

const MAX_LOGS = 100;
/** Greater than the number of any step. */
export const ALL_STEPS = "18446744073709551615";

const batchRow = z.object({ log: z.string(), first: z.string(), last: z.string() });
const arrivalRow = z.object({ arrived_at: instant.nullable() });

/**
 * When the first event arrived that is stored and not reconciled yet, in milliseconds since 1970 UTC; undefined when all are.
 * The gateway may have stored it long after that. As of a moment: the first that had arrived by then and was not reconciled.
 * Read without a scope, since it tells of no site.
 */
export async function findUnreconciled(
  reader: StoreReader,
  { signal }: Asker,
  known?: ReconciledStep,
): Promise<number | undefined> {
  const asker = { scope: EVERYTHING, ...(signal && { signal }) };
  const batches = await reader.ask(asker, {
    caller: "find-unreconciled-batches",
    sql: `WITH (
        SELECT argMax(JSONExtract(body, 'cursors', 'Map(String, Tuple(batch UInt64, nextPosition UInt64))'), batch)
        FROM projection_steps
        WHERE projector = 'reconciler' AND phase = 'commit' AND batch = (
          SELECT max(batch) FROM projection_steps
          WHERE projector = 'reconciler' AND phase = 'commit' AND batch <= {known: UInt64}
        )
      ) AS cursors
      SELECT log, toString(min(first_position)) AS first, toString(argMin(last_position, first_position)) AS last
      FROM commits WHERE events > 0 AND last_position >= cursors[log].2
      GROUP BY log LIMIT ${MAX_LOGS}`,
    values: { known: known?.batch ?? ALL_STEPS },
    row: batchRow,
  });
  if (batches.length === 0) return undefined;
  const conditions = batches.map(
    (_, index) =>
      `(log = {log${index}: String} AND position >= {first${index}: UInt64} AND position <= {last${index}: UInt64})`,
  );
  const values = Object.fromEntries(
    batches.flatMap(({ log, first, last }, index) => [
      [`log${index}`, log],
      [`first${index}`, first],
      [`last${index}`, last],
    ]),
  );
  const [row] = await reader.ask(asker, {
    caller: "find-unreconciled",
    sql: `SELECT minOrNull(arrived_at) AS arrived_at FROM events WHERE ${conditions.join(" OR ")} LIMIT 1`,
    values,
    row: arrivalRow,
  });
  const first = row?.arrived_at ? Date.parse(row.arrived_at) : undefined;
  return known !== undefined && first !== undefined && first > known.at ? undefined : first;
}
