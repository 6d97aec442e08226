import fc from "fast-check";
import { expect, test } from "vitest";
import {
  add,
  compare,
  divide,
  formatDecimal,
  formatFixed,
  isZero,
  multiply,
  parseRational,
  round,
  subtract,
  toRational,
} from "./rational.ts";

const rational = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
  .map(([numerator, denominator]) => toRational(numerator, denominator));

test("a decimal reads as it is written", () => {
  expect(formatDecimal(parseRational("-12.50") ?? toRational(0n))).toBe("-12.5");
  expect([parseRational("1e3"), parseRational(""), parseRational("1.")]).toEqual([undefined, undefined, undefined]);
});

test("adding and taking away, multiplying and dividing undo each other", () => {
  fc.assert(
    fc.property(rational, rational, (a, b) => {
      expect(subtract(add(a, b), b)).toEqual(a);
      fc.pre(!isZero(b));
      expect(divide(multiply(a, b), b)).toEqual(a);
    }),
  );
});

test.each([
  ["1.005", 2, "1.01"],
  ["-1.005", 2, "-1.01"],
  ["1.00499999999999999999", 2, "1.00"],
  ["0.5", 0, "1"],
  ["-0.004", 2, "0.00"],
])("%s rounds half-up to %i digits as %s", (text, digits, expected) => {
  expect(formatFixed(parseRational(text) ?? toRational(0n), digits)).toBe(expected);
});

test("rounding moves by half a unit at most", () => {
  fc.assert(
    fc.property(rational, fc.integer({ min: 0, max: 4 }), (value, digits) => {
      const away = subtract(round(value, digits), value);
      const half = toRational(1n, 2n * 10n ** BigInt(digits));
      expect(compare(away, half)).toBeLessThanOrEqual(0);
      expect(compare(subtract(toRational(0n), away), half)).toBeLessThanOrEqual(0);
    }),
  );
});

test("a fraction without a denominator is refused", () => {
  expect(() => toRational(1n, 0n)).toThrow(RangeError);
});
