import { divide, formatDecimal, round, toRational } from "@throughline/schemas/exact/rational";
import { nearestRank } from "../figures/nearest-rank.ts";
import type { Sample } from "./cases.ts";

const SHARE_DIGITS = 6;
const MEDIAN = 50;
const P90 = 90;

/** A share: `value` is null where there is nothing to take a share of. `n` is how many cases stand in it, each once. */
export interface Share {
  n: number;
  numerator: string;
  denominator: string;
  value: string | null;
}

/** Lengths of time by nearest rank; null of no case. */
export interface Spread {
  n: number;
  median: number | null;
  p90: number | null;
}

/**
 * Σ parts ÷ Σ wholes, exact, rounded half-up to six digits at the end. `scale`: how many decimals the whole numbers hold.
 */
export function measureShare(samples: readonly Sample[], scale = 0): Share {
  const [part, whole] = samples.reduce(
    ([parts, wholes], sample) => [parts + BigInt(sample.part), wholes + BigInt(sample.whole)],
    [0n, 0n],
  );
  return toShare({ n: new Set(samples.map(({ key }) => key)).size, part, whole }, scale);
}

/** A share of what is added up already; see `measureShare`. */
export function toShare({ n, part, whole }: { n: number; part: bigint; whole: bigint }, scale = 0): Share {
  return {
    n,
    numerator: toDecimal(part, scale),
    denominator: toDecimal(whole, scale),
    value: whole === 0n ? null : formatDecimal(round(divide(toRational(part), toRational(whole)), SHARE_DIGITS)),
  };
}

/** All lengths together, over how many cases, each once, and in how many of these a declared standard stands in. */
export function measureTotal(samples: readonly Sample[]): { n: number; value: string | null; declared: number } {
  const total = samples.reduce((left, { part }) => left + BigInt(part), 0n);
  const countCases = (of: readonly Sample[]) => new Set(of.map(({ key }) => key)).size;
  return {
    n: countCases(samples),
    value: samples.length === 0 ? null : String(total),
    declared: countCases(samples.filter(({ isDeclared }) => isDeclared === true)),
  };
}

/** A whole number of the smallest parts as a decimal. */
export function toDecimal(value: number | bigint, scale: number): string {
  return formatDecimal(toRational(BigInt(value), 10n ** BigInt(scale)));
}

/** Median and 90th percentile of the lengths: never a mean, and always one that occurred. */
export function measureSpread(samples: readonly Sample[]): Spread {
  const sorted = samples.map(({ part }) => Number(part)).toSorted((a, b) => a - b);
  return { n: sorted.length, median: nearestRank(sorted, MEDIAN) ?? null, p90: nearestRank(sorted, P90) ?? null };
}
