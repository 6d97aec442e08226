import { type Rational, parseRational } from "@throughline/schemas/exact/rational";
import { z } from "zod";
import { AGE_BANDS } from "../projections/reconciliations/age.ts";
import { ITEM_CLASSES } from "../projections/reconciliations/classify.ts";
import { ITEM_CAUSES } from "../projections/reconciliations/find-cause.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { OPEN_SPANS, type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";

const MAX_ROWS = 50_000;

/** Exact decimals as the store writes them. */
export const storedDecimal = z.string().transform((value, context): Rational => {
  const read = parseRational(value);
  if (read) return read;
  context.addIssue("is no decimal");
  return z.NEVER;
});

const row = z.object({
  unit: z.string(),
  class: z.enum(ITEM_CLASSES),
  cause: z.enum(ITEM_CAUSES),
  days: z.enum(AGE_BANDS.map(({ band }) => band)),
  items: z.coerce.number(),
  beyond: z.coerce.number(),
  net: storedDecimal,
  gross: storedDecimal,
});
export type OpenSum = z.infer<typeof row>;

/** What is open at a cut-off, added up by unit, class, cause and age. */
export async function sumOpenItems(reader: StoreReader, asker: Asker, at: OpenItemsAt): Promise<OpenSum[]> {
  return reader.ask(asker, {
    caller: "sum-open-items",
    sql: `SELECT unit, class, cause, days, sum(times) AS items, sumIf(times, is_beyond) AS beyond,
        toString(sum(value * times)) AS net, toString(sum(abs(value) * times)) AS gross
      FROM (${at.known === undefined ? OPEN_SPANS : selectOpenItems(at)}) GROUP BY unit, class, cause, days HAVING items != 0
      ORDER BY unit, class, cause, days LIMIT ${MAX_ROWS}`,
    values: toOpenItemValues(at),
    row,
  });
}
