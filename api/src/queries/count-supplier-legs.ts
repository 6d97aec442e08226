import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { selectCountedLegs, sumUnseen } from "./counted-legs.ts";
import type { LegSelection } from "./newest-legs.ts";

const MAX_ROWS = 50_000;

const supplierRow = z
  .object({ supplier: z.string(), verdict, count: z.int(), unseen: z.int() })
  .transform(({ count: legs, ...row }) => ({ ...row, legs }));
export type SupplierRow = z.infer<typeof supplierRow>;

/** How many legs stand or stood at each verdict, by supplier. Legs that no supplier is named for are left out. */
export async function countSupplierLegs(
  reader: StoreReader,
  asker: Asker,
  selection: LegSelection,
): Promise<SupplierRow[]> {
  const counted = selectCountedLegs(asker, selection);
  return reader.ask(counted.asker, {
    caller: "count-supplier-legs",
    sql: `SELECT supplier, verdict, ${sumUnseen(selection)} AS unseen, sum(legs) AS count
      FROM ${counted.sql}
      GROUP BY supplier, verdict
      HAVING count != 0 AND supplier != ''
      ORDER BY supplier, verdict
      LIMIT ${MAX_ROWS}`,
    values: counted.values,
    row: supplierRow,
  });
}
