import { z } from "zod";
import { decimal } from "./text.ts";

/** What becomes of an invoice, a line of it or an order line; the later in the list, the graver. */
export const MATCH_OUTCOMES = ["matched", "warned", "held", "blocked", "parked", "rejected"] as const;

export const matchOutcome = z
  .enum(MATCH_OUTCOMES)
  .meta({ id: "MatchOutcome", description: "What becomes of an invoice or a line of it." });
export type MatchOutcome = z.infer<typeof matchOutcome>;

/** Every code that matching gives, in the order in which causes of the same outcome are shown. */
export const MATCH_CODES = [
  "UOM_SUSPECT",
  "NO_PO",
  "CURRENCY",
  "UOM_UNKNOWN",
  "ERS_INVOICE",
  "CONSIGN_INVOICE",
  "QTY_OVER_RECEIVED",
  "QTY_OVER_ORDERED",
  "PRICE",
  "UOM_RATIO",
  "CREDIT_EXCESS",
  "FINAL_DELIVERY",
  "FREIGHT",
  "BLANKET_LIMIT",
  "BLANKET_DATE",
  "DATE_EARLY",
  "AMOUNT_CAP",
  "DUP_EXACT",
  "HEADER_BALANCE",
  "GRIV_NO_GR",
  "NO_RECEIPT",
  "UNDERBILL",
  "DUP_PROBABLE",
  "OVERDELIVERY",
  "RETURN_NO_CREDIT",
  "CONTRACT_PRICE",
  "TAX",
] as const;

export const matchCode = z
  .enum(MATCH_CODES)
  .meta({ id: "MatchCode", description: "Why something does not match, or only with a warning." });
export type MatchCode = z.infer<typeof matchCode>;

const WARNINGS: ReadonlySet<MatchCode> = new Set([
  "UNDERBILL",
  "DUP_PROBABLE",
  "OVERDELIVERY",
  "RETURN_NO_CREDIT",
  "CONTRACT_PRICE",
  "TAX",
]);

/** What a code makes of the line or invoice that has it. */
export function toMatchOutcome(code: MatchCode): MatchOutcome {
  if (code === "HEADER_BALANCE") return "rejected";
  if (code === "GRIV_NO_GR") return "parked";
  if (code === "NO_RECEIPT") return "held";
  return WARNINGS.has(code) ? "warned" : "blocked";
}

const amount = z.object({ value: decimal, currency: z.string() });
const quantity = z.object({ value: decimal, unit: z.string() });

/** Why something does not match. Percentages are of the base that the rule names, rounded half-up to two digits. */
export const matchCause = z
  .object({
    code: matchCode,
    difference: z.union([amount, quantity]).optional().meta({ description: "What was tested against the limit." }),
    quantity: quantity.optional().meta({ description: "The quantity, or the days, that the difference is worth." }),
    percent: z.string().optional().meta({ description: 'Absent where the base is 0, such as "2.10".' }),
    limit: z
      .object({ amount: z.string(), percent: z.string(), days: z.string() })
      .partial()
      .optional()
      .meta({ description: "The limits that were tested, as they are configured: off, zero or a value." }),
    other: z.string().optional().meta({ description: "The invoice that this one doubles." }),
  })
  .meta({ id: "MatchCause", description: "Why something does not match, by how much, and against which limit." });
export type MatchCause = z.infer<typeof matchCause>;
