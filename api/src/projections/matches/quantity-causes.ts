import type { MatchCause } from "@throughline/schemas/match";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { roundMoney, toAmount } from "./currency.ts";
import type { OrderTerms } from "./documents.ts";
import type { LineMeasure } from "./measure-line.ts";
import {
  type Rational,
  ZERO,
  absolute,
  add,
  compare,
  divide,
  formatDecimal,
  greatestOf,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
} from "@throughline/schemas/exact/rational";
import { exceeds, exceedsEither, toPercent } from "./tolerance.ts";

/** What a line bills against what was received or ordered. */
export function findQuantityCauses(line: LineMeasure, terms: OrderTerms, profile: ToleranceProfile): MatchCause[] {
  const isReceiptMissing = terms.isReceiptExpected && !line.isReceiptPosted;
  if (isReceiptMissing && terms.isReceiptBased) return [{ code: "GRIV_NO_GR", ...toValue(line, line.quantity) }];
  if (isReceiptMissing) return findUnreceived(line, profile);
  return [...findVariance(line, terms, profile), ...findFinal(line, terms)];
}

function findUnreceived(line: LineMeasure, { noReceipt }: ToleranceProfile): MatchCause[] {
  const value = toValue(line, add(line.quantity, line.invoiced));
  const amount = roundMoney(multiply(add(line.quantity, line.invoiced), line.order.price), line.order.currency);
  return exceeds(amount, noReceipt) ? [{ code: "NO_RECEIPT", ...value, limit: { amount: noReceipt } }] : [];
}

function findVariance(line: LineMeasure, terms: OrderTerms, { quantity }: ToleranceProfile): MatchCause[] {
  const of = subtract(line.quantity, line.expected);
  const amount = roundMoney(multiply(of, line.order.price), line.order.currency);
  const shape = { ...toValue(line, of), percent: toPercent({ of, base: line.expected }) };
  if (exceedsEither({ amount, share: { of, base: line.expected } }, quantity.above)) {
    const code = terms.isReceiptExpected ? "QTY_OVER_RECEIVED" : "QTY_OVER_ORDERED";
    return [{ code, ...shape, limit: quantity.above }];
  }
  const under = { amount: negate(amount), share: { of: negate(of), base: line.expected } };
  return exceedsEither(under, quantity.below) ? [{ code: "UNDERBILL", ...shape, limit: quantity.below }] : [];
}

/** No receipt can clear what is billed beyond a final delivery. */
function findFinal(line: LineMeasure, terms: OrderTerms): MatchCause[] {
  const isFinal = terms.isReceiptExpected && (terms.isComplete || terms.isCancelled);
  const excess = subtract(line.quantity, line.expected);
  return isFinal && signOf(excess) > 0 ? [{ code: "FINAL_DELIVERY", ...toValue(line, excess) }] : [];
}

/**
 * UOM_SUSPECT: what is billed is a factor between units of the item away from what is expected, or from what its own
 * amount pays for at the order's price. A smaller part of what is expected, rightly priced, is a partial invoice and no suspect.
 */
export function findSuspectCauses(line: LineMeasure, others: readonly MatchCause[]): MatchCause[] {
  if (signOf(line.quantity) <= 0) return [];
  const isPriced = !others.some(({ code }) => code === "PRICE" || code === "UNDERBILL");
  const compared = [line.expected, isPriced ? ZERO : findPaidFor(line)].filter((base) => signOf(base) > 0);
  const isSuspect = compared.some((base) => {
    const ratio = divide(line.quantity, base);
    const isPartial = compare(ratio, { numerator: 1n, denominator: 1n }) < 0;
    return !(isPartial && isPriced) && line.order.factors.some((factor) => compare(factor, ratio) === 0);
  });
  return isSuspect ? [{ code: "UOM_SUSPECT", ...toValue(line, subtract(line.quantity, line.expected)) }] : [];
}

/** The quantity that the amount of a line pays for at the order's price, in order units; 0 where there is none. */
function findPaidFor({ amount, order }: LineMeasure): Rational {
  return amount === undefined || isZero(order.price) ? ZERO : divide(amount, order.price);
}

/** CREDIT_EXCESS: a credit takes back more than what was invoiced too much. */
export function findCreditCauses(line: LineMeasure): MatchCause[] {
  const overInvoiced = greatestOf(ZERO, negate(line.expected));
  const excess = subtract(absolute(line.quantity), overInvoiced);
  return signOf(excess) > 0 ? [{ code: "CREDIT_EXCESS", ...toValue(line, excess) }] : [];
}

/** A quantity with what it is worth at the order's price. */
export function toValue({ order }: Pick<LineMeasure, "order">, quantity: Rational) {
  return {
    difference: toAmount(multiply(quantity, order.price), order.currency),
    quantity: { value: formatDecimal(quantity), unit: order.unit },
  };
}

/** True for a document that bills neither goods nor money, such as an invoice over tax alone. */
export function isEmpty({ quantity, amount }: Pick<LineMeasure, "quantity" | "amount">): boolean {
  return isZero(quantity) && amount !== undefined && isZero(amount);
}
