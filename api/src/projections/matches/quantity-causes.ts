import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { roundMoney, toAmount } from "./currency.ts";
import type { OrderTerms } from "./documents.ts";
import type { MatchTest } from "./match-test.ts";
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
export function listQuantityTests(line: LineMeasure, terms: OrderTerms, profile: ToleranceProfile): MatchTest[] {
  const isReceiptMissing = terms.isReceiptExpected && !line.isReceiptPosted;
  if (isReceiptMissing && terms.isReceiptBased)
    return [{ code: "GRIV_NO_GR", of: "quantity", isBroken: true, describe: () => toValue(line, line.quantity) }];
  if (isReceiptMissing) return [toReceiptTest(line, profile)];
  return [...listVarianceTests(line, terms, profile), ...listFinalTests(line, terms)];
}

function toReceiptTest(line: LineMeasure, { noReceipt }: ToleranceProfile): MatchTest {
  const quantity = add(line.quantity, line.invoiced);
  const amount = roundMoney(multiply(quantity, line.order.price), line.order.currency);
  return {
    code: "NO_RECEIPT",
    of: "quantity",
    isBroken: exceeds(amount, noReceipt),
    describe: () => ({ ...toValue(line, quantity), limit: { amount: noReceipt } }),
  };
}

function listVarianceTests(line: LineMeasure, terms: OrderTerms, { quantity }: ToleranceProfile): MatchTest[] {
  const of = subtract(line.quantity, line.expected);
  const amount = roundMoney(multiply(of, line.order.price), line.order.currency);
  const shape = () => ({ ...toValue(line, of), percent: toPercent({ of, base: line.expected }) });
  const under = { amount: negate(amount), share: { of: negate(of), base: line.expected } };
  return [
    {
      code: terms.isReceiptExpected ? "QTY_OVER_RECEIVED" : "QTY_OVER_ORDERED",
      of: "quantity",
      isBroken: exceedsEither({ amount, share: { of, base: line.expected } }, quantity.above),
      describe: () => ({ ...shape(), limit: quantity.above }),
    },
    {
      code: "UNDERBILL",
      of: "quantity",
      isBroken: exceedsEither(under, quantity.below),
      describe: () => ({ ...shape(), limit: quantity.below }),
    },
  ];
}

/** No receipt can clear what is billed beyond a final delivery. */
function listFinalTests(line: LineMeasure, terms: OrderTerms): MatchTest[] {
  const isFinal = terms.isReceiptExpected && (terms.isComplete || terms.isCancelled);
  const excess = subtract(line.quantity, line.expected);
  const describe = () => toValue(line, greatestOf(ZERO, excess));
  return isFinal ? [{ code: "FINAL_DELIVERY", of: "quantity", isBroken: signOf(excess) > 0, describe }] : [];
}

/** UOM_SUSPECT: what is billed is a factor between units of the item away from what is expected, in either direction. */
export function listSuspectTests(line: LineMeasure): MatchTest[] {
  const { quantity, expected, order } = line;
  if (order.factors.length === 0 || signOf(quantity) <= 0 || signOf(expected) <= 0) return [];
  const ratio = divide(quantity, expected);
  return [
    {
      code: "UOM_SUSPECT",
      of: "unit",
      isBroken: order.factors.some((factor) => compare(factor, ratio) === 0),
      describe: () => toValue(line, subtract(quantity, expected)),
    },
  ];
}

/** CREDIT_EXCESS: a credit takes back more than what was invoiced too much. */
export function listCreditTests(line: LineMeasure): MatchTest[] {
  const overInvoiced = greatestOf(ZERO, negate(line.expected));
  const excess = subtract(absolute(line.quantity), overInvoiced);
  const describe = () => toValue(line, greatestOf(ZERO, excess));
  return [{ code: "CREDIT_EXCESS", of: "quantity", isBroken: signOf(excess) > 0, describe }];
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
