import type { MatchCause } from "@throughline/schemas/match";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { roundMoney, toAmount } from "./currency.ts";
import type { OrderTerms } from "./documents.ts";
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
export function findPriceCauses(line: LineMeasure, { price }: ToleranceProfile): MatchCause[] {
  const { order, amount } = line;
  if (amount === undefined) return [];
  const compared = isZero(line.quantity) ? compareValue(line, amount) : { actual: amount, base: line.expectedAmount };
  if (compared === undefined) return [{ code: "CURRENCY" }];
  const difference = subtract(compared.actual, compared.base);
  const shape = {
    difference: toAmount(difference, order.currency),
    percent: toPercent({ of: difference, base: compared.base }),
  };
  const over = { amount: difference, share: { of: difference, base: compared.base } };
  if (exceedsEither(over, price.above)) return [{ code: "PRICE", ...shape, limit: price.above }];
  const under = { amount: negate(difference), share: { of: negate(difference), base: compared.base } };
  return exceedsEither(under, price.below) ? [{ code: "UNDERBILL", ...shape, limit: price.below }] : [];
}

/** A subsequent debit or credit: all that was billed against the price of all that was billed. */
function compareValue(line: LineMeasure, amount: Rational) {
  if (line.invoicedAmount === undefined) return undefined;
  const base = roundMoney(multiply(line.invoiced, line.order.price), line.order.currency);
  return { actual: add(amount, line.invoicedAmount), base };
}

/** AMOUNT_CAP and DATE_EARLY, which look at the amount of the line alone. */
export function findAmountCauses(
  line: LineMeasure,
  profile: ToleranceProfile,
  { daysEarly }: { daysEarly: number },
): MatchCause[] {
  const { amount, order } = line;
  if (amount === undefined) return [];
  const causes: MatchCause[] = [];
  const early = multiply(amount, { numerator: BigInt(Math.max(0, daysEarly)), denominator: 1n });
  if (exceeds(early, profile.early))
    causes.push({
      code: "DATE_EARLY",
      difference: toAmount(early, order.currency),
      quantity: { value: String(daysEarly), unit: "days" },
      limit: { amount: profile.early },
    });
  if (exceeds(amount, profile.itemAmount))
    causes.push({
      code: "AMOUNT_CAP",
      difference: toAmount(amount, order.currency),
      limit: { amount: profile.itemAmount },
    });
  return causes;
}

/** UOM_RATIO: how many price units an order unit is, against the receipts that came before the invoice, else the order. */
export function findRatioCauses(line: LineMeasure, { unitRatio }: ToleranceProfile, enteredAt: number): MatchCause[] {
  if (line.ratio === undefined) return [];
  const base = findReceivedRatio(line.order, enteredAt) ?? line.order.ratio;
  const of = subtract(line.ratio, base);
  const isAbove = signOf(of) > 0;
  const limit = isAbove ? unitRatio.above : unitRatio.below;
  const share = { of: absolute(of), base };
  if (!exceedsEither({ amount: share.of, share }, { amount: "off", percent: limit })) return [];
  const percent = toPercent({ of, base });
  return [{ code: isAbove ? "UOM_RATIO" : "UNDERBILL", percent, limit: { percent: limit } }];
}

function findReceivedRatio({ receipts, unit, priceUnit }: OrderMeasure, enteredAt: number): Rational | undefined {
  if (unit === priceUnit) return undefined;
  const earlier = receipts.filter(({ time }) => time <= enteredAt);
  const stated = earlier.map(({ priceQuantity }) => priceQuantity).filter((quantity) => quantity !== undefined);
  const quantity = earlier.reduce((total, receipt) => add(total, receipt.quantity), { numerator: 0n, denominator: 1n });
  if (stated.length < earlier.length || isZero(quantity)) return undefined;
  return divide(stated.reduce(add), quantity);
}

/** CONTRACT_PRICE: the order's price is none of those that were in force when it was placed. */
export function findContractCauses(terms: OrderTerms, order: OrderMeasure, reference: ReferenceFacts): MatchCause[] {
  const inForce = listPricesInForce(reference, { ...terms, day: terms.orderedOn });
  const prices = inForce.flatMap(({ price, basis }) => {
    const quantity = convert([basis], order.unit, order.booksOf(terms.orderedOn));
    if (price.currency !== order.currency || quantity === undefined || isZero(quantity)) return [];
    return [divide(price.value, quantity)];
  });
  const [nearest] = prices.toSorted((a, b) => compare(distance(a, order), distance(b, order)));
  if (nearest === undefined || compare(nearest, order.price) === 0) return [];
  const of = subtract(order.price, nearest);
  return [
    {
      code: "CONTRACT_PRICE",
      difference: toAmount(multiply(of, order.ordered), order.currency),
      percent: toPercent({ of, base: nearest }),
    },
  ];
}

function distance(price: Rational, order: OrderMeasure): Rational {
  return absolute(subtract(price, order.price));
}
