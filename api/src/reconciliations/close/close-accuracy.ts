import {
  type Rational,
  ZERO,
  absolute,
  add,
  divide,
  isZero,
  subtract,
  toRational,
} from "@throughline/schemas/exact/rational";

/** What postings of a period are worth by name, as known at two moments. */
export type Postings = ReadonlyMap<string, Rational>;

/** How much postings differ between two moments: in gross, and how many of them. */
export function comparePostings(before: Postings, after: Postings): { changed: Rational; count: number } {
  let changed = ZERO;
  let count = 0;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const difference = subtract(after.get(name) ?? ZERO, before.get(name) ?? ZERO);
    if (isZero(difference)) continue;
    changed = add(changed, absolute(difference));
    count += 1;
  }
  return { changed, count };
}

/**
 * 1 − what had to be put right after the lock ÷ what was posted in the period, both in gross; undefined where nothing was
 * posted.
 */
export function findCloseAccuracy(adjustments: Rational, postings: Rational): Rational | undefined {
  return isZero(postings) ? undefined : subtract(toRational(1n), divide(adjustments, postings));
}
