/** An exact fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A fraction of whole numbers. Throws a RangeError when the denominator is 0. */
export function toRational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 0n) throw new RangeError("a fraction needs a denominator other than 0");
  const divisor = findDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export const ZERO: Rational = toRational(0n);
export const HUNDRED: Rational = toRational(100n);

function findDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** Reads a decimal such as "-12.50", of any length; undefined for anything else. */
export function parseRational(text: string): Rational | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return toRational(BigInt(`${sign}${whole}${fraction}`), 10n ** BigInt(fraction.length));
}

export function add(a: Rational, b: Rational): Rational {
  if (a.denominator === 1n && b.denominator === 1n) return { numerator: a.numerator + b.numerator, denominator: 1n };
  return toRational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function negate(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator };
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b));
}

export function multiply(a: Rational, b: Rational): Rational {
  return toRational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Throws a RangeError when `b` is 0. */
export function divide(a: Rational, b: Rational): Rational {
  return toRational(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function absolute(a: Rational): Rational {
  return a.numerator < 0n ? negate(a) : a;
}

/** Negative when `a` is less than `b`, 0 when they are equal, else positive. */
export function compare(a: Rational, b: Rational): number {
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** -1, 0 or 1. */
export function signOf(a: Rational): number {
  return a.numerator < 0n ? -1 : a.numerator > 0n ? 1 : 0;
}

export function isZero(a: Rational): boolean {
  return a.numerator === 0n;
}

export function leastOf(a: Rational, b: Rational): Rational {
  return compare(a, b) <= 0 ? a : b;
}

export function greatestOf(a: Rational, b: Rational): Rational {
  return compare(a, b) >= 0 ? a : b;
}

export function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, ZERO);
}

/** Rounds to so many digits behind the point; a half goes away from zero. */
export function round(a: Rational, digits: number): Rational {
  return toRational(countUnits(a, digits), 10n ** BigInt(digits));
}

/** As a decimal with exactly so many digits behind the point, rounded as `round` does. */
export function formatFixed(a: Rational, digits: number): string {
  const units = countUnits(a, digits);
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  const sign = units < 0n ? "-" : "";
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** As the shortest decimal; what does not end is rounded to 18 digits behind the point. */
export function formatDecimal(a: Rational): string {
  return a.denominator === 1n ? a.numerator.toString() : formatFixed(a, 18).replace(/\.?0+$/, "");
}

function countUnits(a: Rational, digits: number): bigint {
  const scaled = (a.numerator < 0n ? -a.numerator : a.numerator) * 10n ** BigInt(digits);
  const units = (scaled * 2n + a.denominator) / (a.denominator * 2n);
  return a.numerator < 0n ? -units : units;
}
