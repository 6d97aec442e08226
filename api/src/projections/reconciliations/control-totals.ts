import { type Rational, isZero, subtract } from "@throughline/schemas/exact/rational";

/** What a hop says of some keys: how many, how many entries, their sum, and a digest of keys and values that no order can change. */
export interface ControlTotal {
  keys: number;
  count: number;
  sum: Rational;
  digest: string;
}

/** Keys by the first bits of their 32-bit hashes: whole numbers of so many bits. With 0 bits `[0]` is everything. */
export interface HashParts {
  bits: number;
  values: readonly number[];
}

/** One hop that can be asked again and again: for totals, and in the end for keys with their values. */
export interface Hop {
  /** The totals of the parts that the given ones divide into, by their first `bits + PART_BITS` bits; none of empty ones. */
  divide: (parts: HashParts) => Promise<ReadonlyMap<number, ControlTotal>>;
  /** All keys of the parts. */
  list: (parts: HashParts) => Promise<ReadonlyMap<string, Rational>>;
}

/** A key that one hop has and the other has not, or that they state differently. */
export interface Discrepancy {
  key: string;
  a: Rational | undefined;
  b: Rational | undefined;
}

export const PART_BITS = 8;
const HASH_BITS = 32;
const EVERYTHING: HashParts = { bits: 0, values: [0] };

interface Limits {
  /** Keys of both sides that a part may have to be listed. */
  maxKeys: number;
  /** Parts that are divided or listed at once. */
  maxParts: number;
  maxFound: number;
}

const LIMITS: Limits = { maxKeys: 20_000, maxParts: 64, maxFound: 1000 };

/**
 * Divides what differs again and again, until it is small enough to be listed: four times at most, whatever the hops hold. Where
 * more differs than the limits allow, `isWhole` is false and what is found is a part of it.
 */
export async function findDiscrepancies(
  { a, b }: { a: Hop; b: Hop },
  limits: Partial<Limits> = {},
): Promise<{ found: Discrepancy[]; isWhole: boolean }> {
  const { maxKeys, maxParts, maxFound } = { ...LIMITS, ...limits };
  const found: Discrepancy[] = [];
  let open = EVERYTHING;
  let isWhole = true;
  while (open.values.length > 0) {
    const [left, right] = await Promise.all([a.divide(open), b.divide(open)]);
    const bits = open.bits + PART_BITS;
    const differing = listDiffering(left, right);
    const kept = differing.slice(0, maxParts);
    isWhole &&= kept.length === differing.length;
    const isSmall = (part: number) =>
      bits === HASH_BITS || (left.get(part)?.keys ?? 0) + (right.get(part)?.keys ?? 0) <= maxKeys;
    const small = kept.filter(isSmall);
    if (small.length > 0) found.push(...(await compareKeys({ a, b }, { bits, values: small })));
    open = { bits, values: kept.filter((part) => !isSmall(part)) };
  }
  const sorted = found.toSorted((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  return { found: sorted.slice(0, maxFound), isWhole: isWhole && sorted.length <= maxFound };
}

export function isSameTotal(a: ControlTotal | undefined, b: ControlTotal | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.keys === b.keys && a.digest === b.digest && isZero(subtract(a.sum, b.sum));
}

function listDiffering(left: ReadonlyMap<number, ControlTotal>, right: ReadonlyMap<number, ControlTotal>): number[] {
  const parts = new Set([...left.keys(), ...right.keys()]);
  return [...parts].filter((part) => !isSameTotal(left.get(part), right.get(part))).toSorted((x, y) => x - y);
}

async function compareKeys(hops: { a: Hop; b: Hop }, parts: HashParts): Promise<Discrepancy[]> {
  const [left, right] = await Promise.all([hops.a.list(parts), hops.b.list(parts)]);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [a, b] = [left.get(key), right.get(key)];
    return a && b && isZero(subtract(a, b)) ? [] : [{ key, a, b }];
  });
}
