import { type Rational, add, multiply, subtract, sum } from "@throughline/schemas/exact/rational";

/** What one item of one place should hold, and what was counted, in one unit. */
export interface StockCount {
  opening: Rational;
  /** What came in is above 0, what went out below. */
  movements: readonly Rational[];
  counted: Rational;
  /** Of one unit; undefined where none is known, and then the difference has no value. */
  cost: Rational | undefined;
}

/** The difference of a count from the book, and what it is worth; a shortage is below 0. */
export function compareCount({ opening, movements, counted, cost }: StockCount) {
  const expected = add(opening, sum(movements));
  const difference = subtract(counted, expected);
  return { expected, difference, value: cost && multiply(difference, cost) };
}
