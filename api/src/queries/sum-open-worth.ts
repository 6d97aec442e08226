import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { OPEN_ITEMS, type OpenItemsAt, toOpenItemValues } from "./open-items.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_CURRENCIES = 500;

const row = z.object({ currency: z.string(), worth: storedDecimal });

/** What open quantities are worth at a cut-off, in gross, each currency by itself. What states no amount is not in it. */
export async function sumOpenWorth(reader: StoreReader, asker: Asker, at: OpenItemsAt) {
  return reader.ask(asker, {
    caller: "sum-open-worth",
    sql: `SELECT currency, toString(sum(abs(toDecimal256OrZero(balance, 18)))) AS worth FROM (${OPEN_ITEMS})
      WHERE balance != '' GROUP BY currency ORDER BY currency LIMIT ${MAX_CURRENCIES}`,
    values: toOpenItemValues(at),
    row,
  });
}
