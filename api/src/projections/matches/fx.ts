import { type Money, roundMoney } from "./currency.ts";
import type { InvoiceLine } from "./documents.ts";
import type { LineMeasure } from "./measure-line.ts";
import { multiply, subtract } from "@throughline/schemas/exact/rational";

/** What the change of the rate from the receipts to the invoice is worth; undefined where either states none. */
export function findFx({ order, amount }: LineMeasure, lines: readonly InvoiceLine[]): Money | undefined {
  const [rate, ...others] = lines.map((line) => line.rate);
  if (rate === undefined || amount === undefined || others.some((other) => other?.value !== rate.value))
    return undefined;
  const received = order.rateIn(rate.currency);
  if (received === undefined) return undefined;
  const change = subtract(rate.value, received);
  return { value: roundMoney(multiply(amount, change), rate.currency), currency: rate.currency };
}
