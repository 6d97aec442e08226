import type { Limit, Limits } from "@throughline/schemas/pack/tolerance";
import {
  HUNDRED,
  type Rational,
  ZERO,
  absolute,
  compare,
  divide,
  formatFixed,
  isZero,
  multiply,
  parseRational,
  signOf,
} from "@throughline/schemas/exact/rational";

/** A difference and what it is a difference from; the percentage may have a base of its own unit. */
export interface Variance {
  amount: Rational;
  share: { of: Rational; base: Rational };
}

/** True when the value lies beyond the limit; the limit itself passes. */
export function exceeds(value: Rational, limit: Limit): boolean {
  return limit !== "off" && compare(value, toBound(limit)) > 0;
}

/** True when either limit is broken upwards. A difference of nothing or downwards breaks none. */
export function exceedsEither({ amount, share }: Variance, limits: Limits): boolean {
  if (signOf(share.of) <= 0 && signOf(amount) <= 0) return false;
  return exceeds(amount, limits.amount) || exceedsPercent(share, limits.percent);
}

/** True when the share of its base lies beyond the limit; of a base of 0 any share does, but none of nothing. */
export function exceedsPercent({ of, base }: Variance["share"], limit: Limit): boolean {
  if (limit === "off" || signOf(of) <= 0) return false;
  return compare(multiply(of, HUNDRED), multiply(toBound(limit), absolute(base))) > 0;
}

/** In per cent with two digits behind the point; undefined of a base of 0. */
export function toPercent({ of, base }: Variance["share"]): string | undefined {
  return isZero(base) ? undefined : formatFixed(divide(multiply(of, HUNDRED), absolute(base)), 2);
}

function toBound(limit: Exclude<Limit, "off">): Rational {
  return limit === "zero" ? ZERO : (parseRational(limit) ?? ZERO);
}
