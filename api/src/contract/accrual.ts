import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { listOf, page, pageQuery } from "./page.ts";
import { range } from "./reconciliation.ts";

const accrual = z
  .object({
    key: z.array(z.string()),
    unit: z.string(),
    quantity: decimal.meta({ description: "Received and not invoiced, above 0." }),
    worth: z
      .object({ value: decimal, currency: z.string() })
      .nullable()
      .meta({ description: "At the price of the receipts; null where no amount is stated. Of no currency assumed." }),
    since: instant.meta({ description: "When the oldest receipt came that is open." }),
    supplier: z.string(),
    site: z.string(),
    href: z.string(),
  })
  .meta({ id: "Accrual", description: "A key of which more was received than invoiced at a cut-off." });

export const accrualsQuery = z.strictObject({
  company: range.company,
  on: range.on,
  to: range.to,
  currency: listOf(text(8)),
  supplier: listOf(text(512)),
  site: listOf(text(128)),
  ...pageQuery,
});

export const accrualPage = page(accrual, "Accruals, by key.")
  .extend({
    cutoff: instant,
    totals: z
      .array(z.object({ currency: z.string().nullable(), lines: z.int(), value: decimal.nullable() }))
      .meta({ description: "Of the whole list, each currency by itself; null: lines without an amount." }),
  })
  .meta({ id: "AccrualPage", description: "What was received and not invoiced at a cut-off, to be accrued." });

export type Accrual = z.infer<typeof accrual>;
export type AccrualPage = z.infer<typeof accrualPage>;
export type AccrualsQuery = z.infer<typeof accrualsQuery>;
