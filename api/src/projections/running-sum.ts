import { type Rational, ZERO, add } from "@throughline/schemas/exact/rational";

/** Something that counts from a moment on, in milliseconds since 1970 UTC. */
export interface Dated {
  at: number;
  value: Rational;
}

/** What dated values add up to, up to and including a moment. Added up once: asking takes the logarithm of their number. */
export function createRunningSum(dated: readonly Dated[]): (until: number) => Rational {
  const sorted = dated.toSorted((a, b) => a.at - b.at);
  const sums = [ZERO];
  for (const { value } of sorted) sums.push(add(sums.at(-1) ?? ZERO, value));
  return (until) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.at ?? Infinity) <= until) low = middle + 1;
      else high = middle;
    }
    return sums[low] ?? ZERO;
  };
}
