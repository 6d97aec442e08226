import { type Rational, isZero, subtract } from "@throughline/schemas/exact/rational";

/** What a hop says about a range: how many, how much, and a digest of the keys and values that order cannot change. */
export interface ControlTotal {
  count: number;
  sum: Rational;
  digest: string;
}

/** Keys by the first bits of their hash: `from` up to and including `last`, whole numbers from 0 to 2^32 - 1. */
export interface HashRange {
  from: number;
  last: number;
}

/** One hop that can be asked again and again: for totals, and in the end for keys with their values. */
export interface Hop {
  total: (range: HashRange) => Promise<ControlTotal>;
  list: (range: HashRange) => Promise<ReadonlyMap<string, Rational>>;
}

/** A key that one hop has and the other has not, or that they state differently. */
export interface Discrepancy {
  key: string;
  a: Rational | undefined;
  b: Rational | undefined;
}

export const WHOLE_RANGE: HashRange = { from: 0, last: 2 ** 32 - 1 };

/**
 * Halves a range whose totals differ until what is left is small enough to be listed. Asks for as many totals as the
 * discrepancies times the depth, whatever the hops hold; `maxKeys` are listed at once, `maxFound` at most returned.
 */
export async function findDiscrepancies(
  hops: { a: Hop; b: Hop },
  {
    range = WHOLE_RANGE,
    maxKeys = 1000,
    maxFound = 10_000,
  }: { range?: HashRange; maxKeys?: number; maxFound?: number } = {},
): Promise<Discrepancy[]> {
  const found: Discrepancy[] = [];
  const open = [range];
  for (let next = open.pop(); next && found.length < maxFound; next = open.pop()) {
    const [a, b] = await Promise.all([hops.a.total(next), hops.b.total(next)]);
    if (isSameTotal(a, b)) continue;
    if (a.count + b.count <= maxKeys || next.from === next.last) found.push(...(await compareKeys(hops, next)));
    else open.push(...halve(next));
  }
  return found.toSorted((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)).slice(0, maxFound);
}

export function isSameTotal(a: ControlTotal, b: ControlTotal): boolean {
  return a.count === b.count && a.digest === b.digest && isZero(subtract(a.sum, b.sum));
}

async function compareKeys(hops: { a: Hop; b: Hop }, range: HashRange): Promise<Discrepancy[]> {
  const [left, right] = await Promise.all([hops.a.list(range), hops.b.list(range)]);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [a, b] = [left.get(key), right.get(key)];
    return a && b && isZero(subtract(a, b)) ? [] : [{ key, a, b }];
  });
}

function halve({ from, last }: HashRange): HashRange[] {
  const middle = from + Math.floor((last - from) / 2);
  return [
    { from: middle + 1, last },
    { from, last: middle },
  ];
}
