import { z } from "zod";
import { FLOW_KINDS } from "../projections/reconciliations/flows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond, toStoreTime } from "./conditions.ts";
import { toAllSites } from "./list-checkpoints.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_ROWS = 50_000;
/** Of an earlier moment. */
const TIMEOUT_SECONDS = 20;

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

/** The same as known by a step, from what had been said last of each object: slower, since all of them are read. */
const MOVED_THEN = `SELECT unit, kind, site, minute, moved, worth FROM (
    SELECT tupleElement(flow, 1) AS unit, tupleElement(flow, 2) AS site, tupleElement(flow, 3) AS kind,
      fromUnixTimestamp64Milli(tupleElement(flow, 4), 'UTC') AS minute, tupleElement(flow, 5) AS moved,
      toDecimal256(tupleElement(flow, 6), 18) AS worth
    FROM (
      SELECT flows FROM reconciliation_subjects WHERE reconciliation = {reconciliation: String} AND batch <= {known: UInt64}
      ORDER BY reconciliation, subject, batch DESC, length(flows) DESC LIMIT 1 BY reconciliation, subject)
    ARRAY JOIN JSONExtract(flows, 'Array(Tuple(String, String, String, Int64, Int64, String))') AS flow)
  WHERE minute < {until: DateTime64(3, 'UTC')} AND ({isScoped: UInt8} = 0 OR has({scopeSites: Array(String)}, site))`;

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
    known,
  }: {
    reconciliation: string;
    from: number;
    until: number;
    sites?: readonly string[] | undefined;
    known?: string | undefined;
  },
): Promise<FlowSum[]> {
  const { sites: scoped } = asker.scope;
  return reader.ask(known === undefined ? asker : toAllSites(asker), {
    caller: "sum-item-flows",
    sql: `SELECT unit, kind, sumIf(moved, minute >= {from: DateTime64(3, 'UTC')}) AS items,
        toString(sumIf(worth, minute >= {from: DateTime64(3, 'UTC')})) AS value, toString(sum(worth)) AS before,
        sumIf(moved, minute < {from: DateTime64(3, 'UTC')}) AS items_before,
        toString(sumIf(worth, minute < {from: DateTime64(3, 'UTC')})) AS value_before
      FROM (${known === undefined ? MOVED : MOVED_THEN}) WHERE {isNarrow: UInt8} = 0 OR has({sites: Array(String)}, site)
      GROUP BY unit, kind ORDER BY unit, kind LIMIT ${MAX_ROWS}`,
    values: {
      reconciliation,
      from: toStoreTime(from),
      fromQuarter: toQuarter(from),
      until: toStoreTime(until),
      untilQuarter: toQuarter(until),
      isNarrow: sites === undefined ? 0 : 1,
      sites: sites ?? [],
      ...(known !== undefined && { known, isScoped: scoped === "*" ? 0 : 1, scopeSites: scoped === "*" ? [] : scoped }),
    },
    row,
    ...(known !== undefined && { timeoutSeconds: TIMEOUT_SECONDS }),
  });
}

function toQuarter(time: number): string {
  return toStoreSecond(Math.max(0, Math.floor(time / QUARTER_MS) * QUARTER_MS));
}
