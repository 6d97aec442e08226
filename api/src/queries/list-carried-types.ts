import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { CarriedType } from "../projections/feeds/carriers.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";

const MAX_ROWS = 200_000;

const carriedRow = z.object({
  source: z.string(),
  type: z.string(),
  site: z.string(),
  domain: z.string(),
  suppliers: z.array(z.string()),
});

const KNOWN: Conditions<"asOf" | "ceiling"> = {
  asOf: "known_at <= {asOf: DateTime64(3, 'UTC')}",
  ceiling: "since_batch <= {ceiling: UInt64}",
};

/** Which types of events each source had sent for which site and supplier, as known now or at a moment. Read without a scope. */
export async function listCarriedTypes(
  reader: StoreReader,
  { signal }: Asker,
  moment: { asOf: string | undefined; ceiling: string | undefined },
): Promise<CarriedType[]> {
  const known = whereGiven(KNOWN, moment);
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-carried-types",
      sql: `SELECT source, type, site, domain, groupUniqArray(supplier) AS suppliers FROM source_types WHERE ${known.sql}
        GROUP BY source, type, site, domain ORDER BY source, type, site, domain LIMIT ${MAX_ROWS}`,
      values: known.values,
      row: carriedRow,
    },
  );
  return rows.flatMap(({ suppliers, ...carried }) => suppliers.map((supplier) => ({ ...carried, supplier })));
}
