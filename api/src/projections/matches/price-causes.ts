import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { roundMoney, toAmount } from "./currency.ts";
import type { OrderTerms } from "./documents.ts";
import { type MatchTest, toBroken } from "./match-test.ts";
import type { LineMeasure } from "./measure-line.ts";
import type { OrderMeasure } from "./measure-order.ts";
import {
  type Rational,
  absolute,
  add,
  compare,
  divide,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
} from "@throughline/schemas/exact/rational";
import { type ReferenceFacts, listPricesInForce } from "./reference.ts";
import { exceeds, exceedsEither, toPercent } from "./tolerance.ts";
import { convert } from "@throughline/schemas/exact/units";

/** PRICE above what quantity and price make, UNDERBILL below. An amount without a quantity counts with all before it. */
export function listPriceTests(line: LineMeasure, { price }: ToleranceProfile): MatchTest[] {
  const { order, amount } = line;
  if (amount === undefined) return [];
  const compared = isZero(line.quantity) ? compareValue(line, amount) : { actual: amount, base: line.expectedAmount };
  if (compared === undefined) return [toBroken("CURRENCY", "price")];
  const difference = subtract(compared.actual, compared.base);
  const shape = () => ({
    difference: toAmount(difference, order.currency),
    percent: toPercent({ of: difference, base: compared.base }),
  });
  const over = { amount: difference, share: { of: difference, base: compared.base } };
  const under = { amount: negate(difference), share: { of: negate(difference), base: compared.base } };
  return [
    {
      code: "PRICE",
      of: "price",
      isBroken: exceedsEither(over, price.above),
      describe: () => ({ ...shape(), limit: price.above }),
    },
    {
      code: "UNDERBILL",
      of: "price",
      isBroken: exceedsEither(under, price.below),
      describe: () => ({ ...shape(), limit: price.below }),
    },
  ];
}

/** A subsequent debit or credit: all that was billed against the price of all that was billed. */
function compareValue(line: LineMeasure, amount: Rational) {
  if (line.invoicedAmount === undefined) return undefined;
  const base = roundMoney(multiply(line.invoiced, line.order.price), line.order.currency);
  return { actual: add(amount, line.invoicedAmount), base };
}

/** AMOUNT_CAP and DATE_EARLY, which look at the amount of the line alone. */
export function listAmountTests(
  line: LineMeasure,
  profile: ToleranceProfile,
  { daysEarly }: { daysEarly: number | undefined },
): MatchTest[] {
  const { amount, order } = line;
  if (amount === undefined) return [];
  const days = Math.max(0, daysEarly ?? 0);
  const early = multiply(amount, { numerator: BigInt(days), denominator: 1n });
  const ofDate: MatchTest = {
    code: "DATE_EARLY",
    of: "date",
    isBroken: exceeds(early, profile.early),
    describe: () => ({
      difference: toAmount(early, order.currency),
      quantity: { value: String(days), unit: "days" },
      limit: { amount: profile.early },
    }),
  };
  const ofAmount: MatchTest = {
    code: "AMOUNT_CAP",
    of: "amount",
    isBroken: exceeds(amount, profile.itemAmount),
    describe: () => ({ difference: toAmount(amount, order.currency), limit: { amount: profile.itemAmount } }),
  };
  return daysEarly === undefined ? [ofAmount] : [ofDate, ofAmount];
}

/** UOM_RATIO: how many price units an order unit is, against the receipts that came before the invoice, else the order. */
export function listRatioTests(line: LineMeasure, { unitRatio }: ToleranceProfile, enteredAt: number): MatchTest[] {
  if (line.ratio === undefined) return [];
  const { unit, priceUnit, ratio, ratioUntil } = line.order;
  const base = (unit === priceUnit ? undefined : ratioUntil(enteredAt)) ?? ratio;
  const of = subtract(line.ratio, base);
  const isAbove = signOf(of) > 0;
  const share = { of: absolute(of), base };
  const test = (code: "UOM_RATIO" | "UNDERBILL", limit: typeof unitRatio.above): MatchTest => ({
    code,
    of: "unit",
    isBroken:
      isAbove === (code === "UOM_RATIO") &&
      exceedsEither({ amount: share.of, share }, { amount: "off", percent: limit }),
    describe: () => ({ percent: toPercent({ of, base }), limit: { percent: limit } }),
  });
  return [test("UOM_RATIO", unitRatio.above), test("UNDERBILL", unitRatio.below)];
}

/** CONTRACT_PRICE: the order's price is none of those that were in force when it was placed. */
export function listContractTests(terms: OrderTerms, order: OrderMeasure, reference: ReferenceFacts): MatchTest[] {
  const inForce = listPricesInForce(reference, { ...terms, day: terms.orderedOn });
  const prices = inForce.flatMap(({ price, basis }) => {
    const quantity = convert([basis], order.unit, order.booksOf(terms.orderedOn));
    if (price.currency !== order.currency || quantity === undefined || isZero(quantity)) return [];
    return [divide(price.value, quantity)];
  });
  const [nearest] = prices.toSorted((a, b) => compare(distance(a, order), distance(b, order)));
  if (nearest === undefined) return [];
  const of = subtract(order.price, nearest);
  return [
    {
      code: "CONTRACT_PRICE",
      of: "order",
      isBroken: !isZero(of),
      describe: () => ({
        difference: toAmount(multiply(of, order.ordered), order.currency),
        percent: toPercent({ of, base: nearest }),
      }),
    },
  ];
}

function distance(price: Rational, order: OrderMeasure): Rational {
  return absolute(subtract(price, order.price));
}
