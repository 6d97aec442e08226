import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";

const MAX_ROWS = 50_000;

const row = z.object({
  supplier: z.string(),
  billed: z.int(),
  overpriced: z.int(),
  orders: z.int(),
  off_contract: z.int(),
});
export type SupplierMatches = z.infer<typeof row>;

/** How many invoice lines and order lines of some days were matched, and at another price, by supplier. */
export function countSupplierMatches(
  reader: StoreReader,
  asker: Asker,
  { range, site }: { range: TimeRange; site: readonly string[] | undefined },
): Promise<SupplierMatches[]> {
  const where = whereGiven({ site: "site IN {site: Array(String)}" }, { site });
  const count = (kind: string, code: string) => `sumIf(results, kind = '${kind}' AND code = '${code}')`;
  return reader.ask(asker, {
    caller: "count-supplier-matches",
    sql: `SELECT supplier, ${count("line", "")} AS billed, ${count("line", "PRICE")} AS overpriced,
        ${count("order", "")} AS orders, ${count("order", "CONTRACT_PRICE")} AS off_contract
      FROM match_rollups WHERE day >= {from: Date} AND day < {to: Date} AND ${where.sql}
      GROUP BY supplier HAVING billed != 0 OR orders != 0 ORDER BY supplier LIMIT ${MAX_ROWS}`,
    values: { ...where.values, from: range.from.slice(0, 10), to: range.to.slice(0, 10) },
    row,
  });
}
