import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { SIDES } from "../projections/reconciliations/entry.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { whereGiven } from "./conditions.ts";
import { type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_ROWS = 20_000;

const row = z.object({
  unit: z.string(),
  key: z.string(),
  side: z.enum(SIDES),
  item: z.string(),
  amount: storedDecimal,
  since: instant,
  site: z.string(),
});
export type UnmatchedItem = z.infer<typeof row>;

/** The oldest items of each unit that have nothing on the other side; `keys` asks for those of some keys only. */
export async function listUnmatchedItems(
  reader: StoreReader,
  asker: Asker,
  { at, unit, keys, most }: { at: OpenItemsAt; unit?: readonly string[]; keys?: readonly string[]; most: number },
): Promise<UnmatchedItem[]> {
  const where = whereGiven(
    { unit: "unit IN {unit: Array(String)}", keys: "key IN {keys: Array(String)}" },
    { unit, keys },
  );
  return reader.ask(asker, {
    caller: "list-unmatched-items",
    sql: `SELECT unit, key, side, item, exact_value AS amount, since, site FROM (${selectOpenItems(at)})
      WHERE is_matched = 0 AND ${where.sql} ORDER BY since, key, item, side LIMIT {most: UInt32} BY unit LIMIT ${MAX_ROWS}`,
    values: { ...toOpenItemValues(at), ...where.values, most },
    row,
  });
}
