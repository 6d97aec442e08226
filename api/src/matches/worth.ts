import {
  type Rational,
  absolute,
  compare,
  formatFixed,
  greatestOf,
  parseRational,
} from "@throughline/schemas/exact/rational";
import type { MatchCause } from "@throughline/schemas/match";
import { type MatchRouting, isStopping } from "@throughline/schemas/pack/match-routing";
import { minorDigitsOf } from "../projections/matches/currency.ts";

/** An amount as it travels. */
export interface Amount {
  value: string;
  currency: string;
}

/** Causes whose difference is no amount that could be lost: days times money, or none at all. */
const NOT_MONEY: ReadonlySet<string> = new Set(["DATE_EARLY"]);

/**
 * What accepting a result may cost: the largest of its differences in money, or all that it bills where a cause has none.
 * Undefined when that is not known, or is in several currencies.
 */
export function findWorth(causes: readonly MatchCause[], billed: Amount | null): Amount | undefined {
  const stopping = causes.filter(({ code }) => isStopping(code));
  const worths = stopping.map(({ code, difference }) =>
    difference && "currency" in difference && !NOT_MONEY.has(code) ? difference : (billed ?? undefined),
  );
  const known = worths.filter((worth) => worth !== undefined);
  const [first] = known;
  if (first === undefined || known.length < worths.length) return undefined;
  const values = known.map(({ value }) => parseRational(value));
  const exact = values.filter((value) => value !== undefined);
  if (exact.length < values.length || known.some(({ currency }) => currency !== first.currency)) return undefined;
  const largest = exact.map(absolute).reduce(greatestOf);
  return { value: formatFixed(largest, minorDigitsOf(first.currency)), currency: first.currency };
}

/** True when one person may not accept it alone: it is worth more than the limit of its currency, or that is not known. */
export function needsSecondPerson(worth: Amount | undefined, routing: MatchRouting | undefined): boolean {
  const limit = routing?.acceptance.find(({ currency }) => currency === worth?.currency);
  const [value, bound] = [read(worth?.value), read(limit?.amount)];
  return value === undefined || bound === undefined || compare(value, bound) > 0;
}

/** What is kept from being paid: what an invoice or a line bills, without a sign; nothing of an order line. */
export function toStake(kind: string, billed: Amount | null): Amount | null {
  const value = read(billed?.value);
  if (kind === "order" || billed === null || value === undefined) return null;
  return { value: formatFixed(absolute(value), minorDigitsOf(billed.currency)), currency: billed.currency };
}

function read(text: string | undefined): Rational | undefined {
  return text === undefined ? undefined : parseRational(text);
}
