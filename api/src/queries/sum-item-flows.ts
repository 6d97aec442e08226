import { z } from "zod";
import { FLOW_KINDS } from "../projections/reconciliations/flows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond, toStoreTime } from "./conditions.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_ROWS = 50_000;

const row = z.object({
  unit: z.string(),
  kind: z.enum([...FLOW_KINDS, "a", "b"]),
  items: z.coerce.number(),
  value: storedDecimal,
  before: storedDecimal,
  items_before: z.coerce.number(),
  value_before: storedDecimal,
});
export type FlowSum = z.infer<typeof row>;

const QUARTER_MS = 15 * 60_000;

/** Quarters of an hour as far as they are whole, and minutes where a bound lies within a quarter. */
const MOVED = `SELECT unit, kind, site, toDateTime64(quarter, 3, 'UTC') AS minute, items AS moved, value AS worth
    FROM reconciliation_flow_quarters WHERE reconciliation = {reconciliation: String}
      AND quarter < {untilQuarter: DateTime('UTC')} AND quarter != {fromQuarter: DateTime('UTC')}
  UNION ALL
  SELECT unit, kind, site, minute, items AS moved, value AS worth
    FROM reconciliation_flows WHERE reconciliation = {reconciliation: String} AND minute < {until: DateTime64(3, 'UTC')}
      AND (minute >= {untilQuarter: DateTime('UTC')}
        OR minute >= {fromQuarter: DateTime('UTC')} AND minute < addMinutes({fromQuarter: DateTime('UTC')}, 15))`;

/**
 * What opened and cleared items between two whole minutes and before the first, and what each side adds up to before the second
 * (`before`).
 */
export async function sumItemFlows(
  reader: StoreReader,
  asker: Asker,
  {
    reconciliation,
    from,
    until,
    sites,
  }: { reconciliation: string; from: number; until: number; sites?: readonly string[] | undefined },
): Promise<FlowSum[]> {
  return reader.ask(asker, {
    caller: "sum-item-flows",
    sql: `SELECT unit, kind, sumIf(moved, minute >= {from: DateTime64(3, 'UTC')}) AS items,
        toString(sumIf(worth, minute >= {from: DateTime64(3, 'UTC')})) AS value, toString(sum(worth)) AS before,
        sumIf(moved, minute < {from: DateTime64(3, 'UTC')}) AS items_before,
        toString(sumIf(worth, minute < {from: DateTime64(3, 'UTC')})) AS value_before
      FROM (${MOVED}) WHERE {isNarrow: UInt8} = 0 OR has({sites: Array(String)}, site)
      GROUP BY unit, kind ORDER BY unit, kind LIMIT ${MAX_ROWS}`,
    values: {
      reconciliation,
      from: toStoreTime(from),
      fromQuarter: toQuarter(from),
      until: toStoreTime(until),
      untilQuarter: toQuarter(until),
      isNarrow: sites === undefined ? 0 : 1,
      sites: sites ?? [],
    },
    row,
  });
}

function toQuarter(time: number): string {
  return toStoreSecond(Math.max(0, Math.floor(time / QUARTER_MS) * QUARTER_MS));
}
