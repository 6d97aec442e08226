import { minorDigitsOf } from "./currency.ts";
import type { MatchFigures } from "./match.ts";
import type { LineMeasure } from "./measure-line.ts";
import { formatDecimal, formatFixed } from "@throughline/schemas/exact/rational";

/** The variables of the rules as text, for the derivation of a result. */
export function toFigures(line: LineMeasure): MatchFigures {
  const { order } = line;
  const digits = minorDigitsOf(order.currency);
  return {
    unit: order.unit,
    currency: order.currency,
    price: formatDecimal(order.price),
    ordered: formatDecimal(order.ordered),
    received: formatDecimal(line.received),
    invoiced: formatDecimal(line.invoiced),
    expected: formatDecimal(line.expected),
    quantity: formatDecimal(line.quantity),
    amount: line.amount === undefined ? "" : formatFixed(line.amount, digits),
    expectedAmount: formatFixed(line.expectedAmount, digits),
  };
}
