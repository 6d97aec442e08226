import { type Rational, ZERO, compare, divide, isZero, multiply, toRational } from "./rational.ts";

/** An exact quantity as a document states it. */
export interface Quantity {
  value: Rational;
  unit: string;
}

/** So many of one unit are so many of another: 1 CS = 24 VL. */
export interface UnitEquation {
  left: Quantity;
  right: Quantity;
}

/** Exact factors between units, as far as equations lead from one to the other. */
export interface UnitBook {
  /** How many of `to` one `from` is; undefined when no equations lead there or they contradict each other. */
  find: (from: string, to: string) => Rational | undefined;
  /** The units that it knows. */
  units: readonly string[];
  /** Units whose equations contradict each other or hold a 0. */
  contradictions: readonly string[];
}

interface Place {
  root: string;
  /** How many of the root one of the unit is. */
  worth: Rational;
}

const ONE = toRational(1n);

const EMPTY: UnitBook = {
  units: [],
  contradictions: [],
  find: (from, to) => (from === to ? ONE : undefined),
};

/** Follows the equations from unit to unit. What contradicts itself, around a cycle or by a factor of 0, leads nowhere. */
export function createUnitBook(equations: readonly UnitEquation[]): UnitBook {
  if (equations.length === 0) return EMPTY;
  const neighbours = new Map<string, { unit: string; worth: Rational }[]>();
  const broken = new Set<string>();
  for (const { left, right } of equations) {
    if (compare(left.value, ZERO) <= 0 || compare(right.value, ZERO) <= 0) {
      for (const { unit } of [left, right]) broken.add(unit);
      continue;
    }
    const worth = divide(right.value, left.value);
    pushTo(neighbours, left.unit, { unit: right.unit, worth });
    pushTo(neighbours, right.unit, { unit: left.unit, worth: divide(ONE, worth) });
  }
  const places = new Map<string, Place>();
  const brokenRoots = new Set<string>();
  for (const unit of neighbours.keys()) if (!places.has(unit)) walk(unit, { neighbours, places, brokenRoots });
  for (const unit of broken) brokenRoots.add(places.get(unit)?.root ?? unit);
  const isBroken = (unit: string) => brokenRoots.has(places.get(unit)?.root ?? unit);
  return {
    units: [...places.keys()],
    contradictions: [...new Set([...places.keys(), ...broken])].filter(isBroken),
    find: (from, to) => {
      if (from === to) return ONE;
      const [start, end] = [places.get(from), places.get(to)];
      if (!start || !end || start.root !== end.root || isBroken(from)) return undefined;
      return divide(start.worth, end.worth);
    },
  };
}

/** Gives every unit that the root leads to its worth; another worth for the same unit breaks them all. */
function walk(
  root: string,
  graph: {
    neighbours: ReadonlyMap<string, readonly { unit: string; worth: Rational }[]>;
    places: Map<string, Place>;
    brokenRoots: Set<string>;
  },
) {
  const waiting = [root];
  graph.places.set(root, { root, worth: ONE });
  for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
    const here = graph.places.get(unit);
    for (const { unit: next, worth } of graph.neighbours.get(unit) ?? []) {
      if (here === undefined) continue;
      // One `unit` is `worth` of `next`, so one `next` is the worth of `unit` divided by that.
      const expected = divide(here.worth, worth);
      const known = graph.places.get(next);
      if (known === undefined) {
        graph.places.set(next, { root, worth: expected });
        waiting.push(next);
      } else if (compare(known.worth, expected) !== 0) graph.brokenRoots.add(root);
    }
  }
}

/** The equations that a document makes by stating the same goods in several units. */
export function toEquations(quantities: readonly Quantity[]): UnitEquation[] {
  const stated = quantities.filter(({ value }) => !isZero(value));
  return stated.slice(1).flatMap((right) => (stated[0] ? [{ left: stated[0], right }] : []));
}

/** A quantity in another unit, and how it came there. */
export interface Conversion {
  value: Rational;
  /** The quantity that was taken of those that the document states. */
  from: Quantity;
  /** The place of the book that knew the way; undefined where the document itself states it. */
  book: number | undefined;
}

/**
 * The quantity of a document in another unit: as the document itself states it, else by the first book that knows the
 * way. Undefined when none does; a factor is never guessed.
 */
export function findConversion(
  quantities: readonly Quantity[],
  unit: string,
  books: readonly UnitBook[],
): Conversion | undefined {
  const stated = quantities.find((quantity) => quantity.unit === unit);
  if (stated) return { value: stated.value, from: stated, book: undefined };
  for (const [index, book] of books.entries())
    for (const quantity of quantities) {
      const factor = book.find(quantity.unit, unit);
      if (factor) return { value: multiply(quantity.value, factor), from: quantity, book: index };
    }
  return undefined;
}

/** The same, without how it came there. */
export function convert(
  quantities: readonly Quantity[],
  unit: string,
  books: readonly UnitBook[],
): Rational | undefined {
  return findConversion(quantities, unit, books)?.value;
}

function pushTo<Value>(lists: Map<string, Value[]>, key: string, value: Value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
