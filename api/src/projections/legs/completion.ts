import {
  type Rational,
  HUNDRED,
  ZERO,
  add,
  compare,
  divide,
  multiply,
  negate,
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
import type { MilestoneSummary, Occurrence, TakenBack } from "./summary.ts";

/** Why it is not known how complete a leg is: a document states no quantity, or one that nothing converts. */
export type Doubt = "quantity-unknown" | "unit-unknown";

/** How a leg ends by quantity. */
export interface Completion {
  end: Occurrence | undefined;
  /** The times in which enough stood, each until it did not. */
  takenBack: TakenBack[];
  doubts: readonly Doubt[];
}

export interface CompletionRule {
  underTolerancePercent: number;
  /** Factors that hold for any item. */
  standardUnits: readonly UnitEquation[];
  itemUnits: readonly ItemUnits[];
}

/** A quantity in the order's unit, or why it is not known in that. */
type Measured = Rational | Doubt;

/**
 * The first end from which on all that came reaches what was ordered, less the tolerance, in the unit of the order. Documents
 * convert by what they state themselves, then by the order, then by the item's factors of their day. What cannot be converted
 * counts as nothing; where the ordered quantity itself is not known, nothing is ever complete.
 */
export function findCompletion(from: MilestoneSummary, to: MilestoneSummary, rule: CompletionRule): Completion {
  const measure = createMeasure(from, rule);
  const ordered = addUp(from.steps.map(measure));
  if (typeof ordered === "string") return { end: undefined, takenBack: [], doubts: [ordered] };
  const needed = multiply(ordered, toShare(rule.underTolerancePercent));
  const arrived = to.steps.map((step) => ({ step, by: measure(step) }));
  const stood = to.reversed
    .filter(({ time, reversedAt }) => time < reversedAt)
    .map((step) => ({ step, by: measure(step) }));
  const end = findEnd(arrived, needed);
  const counted =
    end === undefined
      ? arrived
      : arrived.slice(
          0,
          arrived.findIndex(({ step }) => step === end),
        );
  const doubts = [...counted, ...stood].flatMap(({ by }) => (typeof by === "string" ? by : []));
  return { end, takenBack: listTakenBack({ arrived, stood }, needed), doubts: [...new Set(doubts)].toSorted() };
}

/** Puts goods in the unit in which the order counts first. */
function createMeasure(
  from: MilestoneSummary,
  { standardUnits, itemUnits }: CompletionRule,
): (at: { time: number; goods?: Goods | undefined }) => Measured {
  const order = from.steps.find(({ goods }) => (goods?.quantities.length ?? 0) > 0)?.goods;
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
function addUp(parts: readonly Measured[]): Measured {
  const known: Rational[] = [];
  for (const part of parts) {
    if (typeof part === "string") return part;
    known.push(part);
  }
  const total = sum(known);
  return signOf(total) < 0 ? "quantity-unknown" : total;
}

function toShare(underTolerancePercent: number): Rational {
  const tolerance = parseRational(new Big(underTolerancePercent).toFixed()) ?? ZERO;
  return divide(subtract(HUNDRED, tolerance), HUNDRED);
}

interface Arrived<Step> {
  step: Step;
  by: Measured;
}

function findEnd(arrived: readonly Arrived<Occurrence>[], needed: Rational): Occurrence | undefined {
  let total = ZERO;
  let end: Occurrence | undefined;
  for (const { step, by } of arrived) {
    total = add(total, toAmount(by));
    end = compare(total, needed) < 0 ? undefined : (end ?? step);
  }
  return end;
}

function toAmount(by: Measured): Rational {
  return typeof by === "string" ? ZERO : by;
}

/** The times in which what stood reached `needed`, each until so much was taken back that it did not. */
function listTakenBack(
  { arrived, stood }: { arrived: readonly Arrived<Occurrence>[]; stood: readonly Arrived<TakenBack>[] },
  needed: Rational,
): TakenBack[] {
  if (stood.length === 0 && arrived.every(({ by }) => signOf(toAmount(by)) >= 0)) return [];
  const added = [...arrived, ...stood].map(({ step, by }) => ({ time: step.time, events: 1, by: toAmount(by) }));
  const removed = stood.map(({ step, by }) => ({ time: step.reversedAt, events: -1, by: negate(toAmount(by)) }));
  const moments = Map.groupBy(
    [...added, ...removed].toSorted((a, b) => a.time - b.time),
    ({ time }) => time,
  );
  const found: TakenBack[] = [];
  let standing = { events: 0, total: ZERO };
  let since: number | undefined;
  for (const [time, changes] of moments) {
    standing = changes.reduce(
      ({ events, total }, change) => ({ events: events + change.events, total: add(total, change.by) }),
      standing,
    );
    const isReached = standing.events > 0 && compare(standing.total, needed) >= 0;
    if (!isReached && since !== undefined) found.push({ time: since, reversedAt: time });
    since = isReached ? (since ?? time) : undefined;
  }
  return found;
}
