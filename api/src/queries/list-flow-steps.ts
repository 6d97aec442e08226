import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_ROWS = 200_000;

const row = z.object({
  unit: z.string(),
  step: z.coerce.number(),
  count: z.coerce.number(),
  gross: storedDecimal,
  net: storedDecimal,
});
export type FlowStep = z.infer<typeof row>;

/**
 * What the open items and both sides changed by in each step, by unit. `ends` are the ends of the steps, ascending, at whole
 * quarters of an hour; all that was before the first step counts to step 0. Steps in which nothing changed are left out.
 */
export async function listFlowSteps(
  reader: StoreReader,
  asker: Asker,
  query: { reconciliation: string; ends: readonly number[]; sites: readonly string[] | undefined },
): Promise<FlowStep[]> {
  const { reconciliation, ends, sites } = query;
  const seconds = ends.map((end) => end / 1000);
  return reader.ask(asker, {
    caller: "list-flow-steps",
    sql: `SELECT unit, arrayFirstIndex(end -> toUnixTimestamp(quarter) < end, {ends: Array(Int64)}) - 1 AS step,
        sumIf(if(kind = 'cleared', -moved, moved), kind IN ('new', 'reopened', 'cleared')) AS count,
        toString(sumIf(if(kind = 'cleared', -worth, worth), kind NOT IN ('a', 'b'))) AS gross,
        toString(sumIf(if(kind = 'b', -worth, worth), kind IN ('a', 'b'))) AS net
      FROM (
        SELECT unit, kind, quarter, sum(items) AS moved, sum(value) AS worth FROM reconciliation_flow_quarters
        WHERE reconciliation = {reconciliation: String} AND quarter < {until: DateTime64(3, 'UTC')}
          AND ({isNarrow: UInt8} = 0 OR has({sites: Array(String)}, site))
        GROUP BY unit, kind, quarter)
      GROUP BY unit, step ORDER BY unit, step LIMIT ${MAX_ROWS}`,
    values: {
      reconciliation,
      ends: seconds,
      until: toStoreTime(ends.at(-1) ?? 0),
      isNarrow: sites === undefined ? 0 : 1,
      sites: sites ?? [],
    },
    row,
  });
}
