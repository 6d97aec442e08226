import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";

/** True when an invoice that the asker may see was ever matched, or had been by a moment. */
export async function hasAnyInvoice(reader: StoreReader, asker: Asker, asOf: string | undefined): Promise<boolean> {
  const where = whereGiven(
    { asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}" },
    { asOf: asOf && toStoreTime(asOf) },
  );
  const rows = await reader.ask(asker, {
    caller: "has-any-invoice",
    sql: `SELECT 1 AS found FROM match_dates WHERE kind = 'invoice' AND ${where.sql} LIMIT 1`,
    values: where.values,
    row: z.object({ found: z.int() }),
  });
  return rows.length > 0;
}
