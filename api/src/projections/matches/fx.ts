import { type Money, roundMoney } from "./currency.ts";
import type { InvoiceLine } from "./documents.ts";
import type { LineMeasure } from "./measure-line.ts";
import { add, divide, isZero, multiply, subtract, ZERO } from "@throughline/schemas/exact/rational";

/** What the change of the rate from the receipts to the invoice is worth; undefined where either states none. */
export function findFx({ order, amount }: LineMeasure, lines: readonly InvoiceLine[]): Money | undefined {
  const [rate, ...others] = lines.map((line) => line.rate);
  if (rate === undefined || amount === undefined || others.some((other) => other?.value !== rate.value))
    return undefined;
  const rated = order.receipts.flatMap(({ quantity, movement }) =>
    movement.rate?.currency === rate.currency ? [{ quantity, rate: movement.rate.value }] : [],
  );
  const quantity = rated.reduce((total, part) => add(total, part.quantity), ZERO);
  if (rated.length < order.receipts.length || isZero(quantity)) return undefined;
  const worth = rated.reduce((total, part) => add(total, multiply(part.quantity, part.rate)), ZERO);
  const change = subtract(rate.value, divide(worth, quantity));
  return { value: roundMoney(multiply(amount, change), rate.currency), currency: rate.currency };
}
