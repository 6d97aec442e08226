import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { listOf, page, pageQuery } from "./page.ts";
import { asOf, range } from "./reconciliation.ts";

const accrual = z
  .object({
    key: z.array(z.string()),
    unit: z.string().meta({ description: "Empty where a receipt states none." }),
    quantity: decimal.nullable().meta({
      description: "Received and not invoiced, above 0; null of a receipt that states no quantity with a unit.",
    }),
    worth: z.object({ value: decimal, currency: z.string() }).nullable().meta({
      description:
        "At the mean price of the receipts, rounded half-up to the currency's minor unit; null where no amount is stated, or several currencies. Of no currency assumed.",
    }),
    since: instant.meta({ description: "When it began to be open: the date of its first receipt." }),
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
  asOf,
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
