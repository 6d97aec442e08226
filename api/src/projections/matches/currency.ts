import { type Rational, formatFixed, round } from "@throughline/schemas/exact/rational";

/** An exact amount in a currency (ISO 4217). */
export interface Money {
  value: Rational;
  currency: string;
}

const DEFAULT_DIGITS = 2;

/** The currencies of ISO 4217 (list one) whose minor unit is not a hundredth, by the digits that it has. */
const OTHER_DIGITS: Readonly<Record<string, number>> = Object.fromEntries([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3]),
  ..."CLF UYW".split(" ").map((code) => [code, 4]),
]);

/** How many digits behind the point an amount of the currency has. */
export function minorDigitsOf(currency: string): number {
  return OTHER_DIGITS[currency] ?? DEFAULT_DIGITS;
}

/** Rounds half-up to the currency's minor unit. */
export function roundMoney(value: Rational, currency: string): Rational {
  return round(value, minorDigitsOf(currency));
}

/** An amount as people and machines exchange it: `{ value: "12.50", currency: "USD" }`. */
export function toAmount(value: Rational, currency: string): { value: string; currency: string } {
  return { value: formatFixed(value, minorDigitsOf(currency)), currency };
}
