import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const MAX_ROWS = 1000;

/**
 * The reconciliations of which anything was ever found, or had been by the step `known`. Read without a scope, since it tells of
 * no site.
 */
export async function listKeptReconciliations(
  reader: StoreReader,
  { signal }: Asker,
  known?: string,
): Promise<ReadonlySet<string>> {
  const from = known === undefined ? "reconciliation_flows" : "reconciliation_subjects WHERE batch <= {known: UInt64}";
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-kept-reconciliations",
      sql: `SELECT DISTINCT reconciliation FROM ${from} LIMIT ${MAX_ROWS}`,
      values: { known },
      row: z.object({ reconciliation: z.string() }),
    },
  );
  return new Set(rows.map(({ reconciliation }) => reconciliation));
}
