import type { Limit, ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { type Money, roundMoney, toAmount } from "./currency.ts";
import type { InvoiceLine, OrderTerms } from "./documents.ts";
import { type MatchTest, toBroken } from "./match-test.ts";
import type { LineMeasure } from "./measure-line.ts";
import {
  type Rational,
  divide,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";
import { exceeds } from "./tolerance.ts";

/** FREIGHT, or UNDERBILL below it: what the lines bill as freight against their part of what was planned. */
export function listLineFreightTests(
  line: LineMeasure,
  { lines, terms, profile }: { lines: readonly InvoiceLine[]; terms: OrderTerms; profile: ToleranceProfile },
): MatchTest[] {
  const billed = lines.flatMap(({ freight }) => freight ?? []);
  const planned = findPlanned(line, terms);
  return billed.length === 0 || planned === undefined ? [] : compareFreight(billed, planned, profile);
}

/** The part of the planned freight that the quantity of an invoice bears; none planned is 0. */
export function findPlanned({ quantity, order }: LineMeasure, terms: OrderTerms): Money | undefined {
  const { plannedFreight, quantities } = terms;
  const zero = { value: { numerator: 0n, denominator: 1n }, currency: order.currency };
  if (plannedFreight === undefined) return zero;
  const ordered = quantities[0]?.value;
  if (ordered === undefined || isZero(ordered)) return undefined;
  const value = divide(multiply(quantity, plannedFreight.value), ordered);
  return { value, currency: plannedFreight.currency };
}

/** Freight in another currency than was planned is not compared, and said so. */
export function compareFreight(billed: readonly Money[], planned: Money, profile: ToleranceProfile): MatchTest[] {
  const { currency } = planned;
  if (billed.some((part) => part.currency !== currency)) return [toBroken("CURRENCY", "freight")];
  const actual = sum(billed.map(({ value }) => value));
  const difference = roundMoney(subtract(actual, planned.value), currency);
  const isAbove = signOf(difference) > 0;
  const describe = (limit: Limit) => () => ({ difference: toAmount(difference, currency), limit: { amount: limit } });
  const { above, below } = profile.freight;
  return [
    { code: "FREIGHT", of: "freight", isBroken: isAbove && exceeds(difference, above), describe: describe(above) },
    {
      code: "UNDERBILL",
      of: "freight",
      isBroken: !isAbove && exceeds(negate(difference), below),
      describe: describe(below),
    },
  ];
}

/** The sum of planned parts in one currency; undefined when they are in several. */
export function sumPlanned(parts: readonly (Money | undefined)[]): Money | undefined {
  const [first] = parts;
  const values: Rational[] = parts.flatMap((part) => (part && part.currency === first?.currency ? [part.value] : []));
  return first && values.length === parts.length ? { value: sum(values), currency: first.currency } : undefined;
}
