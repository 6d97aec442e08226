import { type Rational, absolute, subtract, sum } from "@throughline/schemas/exact/rational";
import type { Sample } from "./cases.ts";

/** Money is kept to so many decimals. */
export const MONEY_SCALE = 18;

/**
 * What a locked period adds to close accuracy, in one currency, in whole numbers of `MONEY_SCALE` decimals: what was posted in
 * it, and that less what was adjusted after its lock. Both without signs, since corrections up and down do not make each
 * other undone.
 */
export function toCloseParts(
  adjustments: readonly Rational[],
  postings: readonly Rational[],
): Pick<Sample, "part" | "whole"> {
  const [adjusted, posted] = [sum(adjustments.map(absolute)), sum(postings.map(absolute))];
  return { part: toScaled(subtract(posted, adjusted)), whole: toScaled(posted) };
}

function toScaled({ numerator, denominator }: Rational): bigint {
  return (numerator * 10n ** BigInt(MONEY_SCALE)) / denominator;
}
