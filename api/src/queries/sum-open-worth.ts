import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { type OpenItemsAt, selectOpenItems, toOpenItemValues } from "./open-items.ts";
import { storedDecimal } from "./sum-open-items.ts";

const MAX_CURRENCIES = 500;

const row = z.object({ currency: z.string(), worth: storedDecimal });

/** What open quantities are worth at a cut-off, in gross, each currency by itself. What states no amount is not in it. */
export async function sumOpenWorth(reader: StoreReader, asker: Asker, at: OpenItemsAt) {
  return reader.ask(asker, {
    caller: "sum-open-worth",
    sql: `SELECT currency, toString(sum(abs(toDecimal256OrZero(balance, 18)))) AS worth FROM (${selectOpenItems(at)})
      WHERE balance != '' GROUP BY currency ORDER BY currency LIMIT ${MAX_CURRENCIES}`,
    values: toOpenItemValues(at),
    row,
  });
}

/** The same of a locked period, from the rows that the lock keeps, whatever is known otherwise since. */
export async function sumKeptWorth(reader: StoreReader, asker: Asker, checkpoint: string) {
  return reader.ask(asker, {
    caller: "sum-kept-worth",
    sql: `SELECT JSONExtractString(stated, 'currency') AS currency,
        toString(sum(abs(toDecimal256OrZero(JSONExtractString(stated, 'balance'), 18)))) AS worth
      FROM (SELECT body AS stated FROM reconciliation_checkpoint_rows
        WHERE checkpoint = {checkpoint: String} AND kind = 'open' ORDER BY checkpoint, ordinal LIMIT 1 BY checkpoint, ordinal)
      WHERE JSONExtractString(stated, 'balance') != '' GROUP BY currency ORDER BY currency LIMIT ${MAX_CURRENCIES}`,
    values: { checkpoint },
    row,
  });
}
