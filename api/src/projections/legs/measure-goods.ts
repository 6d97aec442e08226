import {
  type Rational,
  HUNDRED,
  ZERO,
  divide,
  parseRational,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";
import {
  type Quantity,
  type UnitBook,
  type UnitEquation,
  convert,
  createUnitBook,
  toEquations,
} from "@throughline/schemas/exact/units";
import Big from "big.js";
import { toDay } from "../matches/measure-order.ts";
import { type ItemUnits, toItemBook } from "../matches/reference.ts";
import type { Goods } from "./goods.ts";
import type { Occurrence } from "./summary.ts";

/** Why it is not known how complete a leg is: a document states no quantity, or one that nothing converts. */
export type Doubt = "quantity-unknown" | "unit-unknown";

export interface CompletionRule {
  underTolerancePercent: number;
  /** Factors that hold for any item. */
  standardUnits: readonly UnitEquation[];
  itemUnits: readonly ItemUnits[];
}

/** A quantity in the order's unit, or why it is not known in that. */
export type Measured = Rational | Doubt;

/** Puts goods in the unit in which the order counts first, be it only in a change. */
export function createMeasure(
  statements: readonly Occurrence[],
  { standardUnits, itemUnits }: CompletionRule,
): (at: { time: number; goods?: Goods | undefined }) => Measured {
  const order = statements.find(({ goods }) => (goods?.quantities.length ?? 0) > 0)?.goods;
  const [first] = toQuantities(order);
  if (order === undefined || first === undefined) return () => "quantity-unknown";
  const own = createUnitBook(toEquations(toQuantities(order)));
  const booksOf = (item: string | undefined, time: number): UnitBook[] =>
    item === undefined && standardUnits.length === 0
      ? [own]
      : [own, toItemBook({ standardUnits, itemUnits, contractPrices: [] }, item ?? "", toDay(time))];
  return ({ time, goods }) => {
    const quantities = toQuantities(goods);
    if (quantities.length === 0) return "quantity-unknown";
    const stated = quantities.find(({ unit }) => unit === first.unit);
    return stated?.value ?? convert(quantities, first.unit, booksOf(order.item ?? goods?.item, time)) ?? "unit-unknown";
  };
}

function toQuantities(goods: Goods | undefined): Quantity[] {
  return (goods?.quantities ?? []).flatMap(({ value, unit }) => {
    const parsed = parseRational(value);
    return parsed === undefined ? [] : [{ value: parsed, unit }];
  });
}

/** The sum; why there is none where any part is not known, or all of it is less than nothing. */
export function addUp(parts: readonly Measured[]): Measured {
  const known: Rational[] = [];
  for (const part of parts) {
    if (typeof part === "string") return part;
    known.push(part);
  }
  const total = sum(known);
  return signOf(total) < 0 ? "quantity-unknown" : total;
}

/** What is left of the ordered quantity without the tolerance, as a share of it. */
export function toShare(underTolerancePercent: number): Rational {
  const tolerance = parseRational(new Big(underTolerancePercent).toFixed()) ?? ZERO;
  return divide(subtract(HUNDRED, tolerance), HUNDRED);
}

/** What is not known counts as nothing. */
export function toAmount(by: Measured): Rational {
  return typeof by === "string" ? ZERO : by;
}
