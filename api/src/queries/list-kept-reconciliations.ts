import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const MAX_ROWS = 1000;

/** The reconciliations of which anything was ever found. Read without a scope, since it tells of no site. */
export async function listKeptReconciliations(reader: StoreReader, { signal }: Asker): Promise<ReadonlySet<string>> {
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-kept-reconciliations",
      sql: `SELECT DISTINCT reconciliation FROM reconciliation_flows LIMIT ${MAX_ROWS}`,
      values: {},
      row: z.object({ reconciliation: z.string() }),
    },
  );
  return new Set(rows.map(({ reconciliation }) => reconciliation));
}
