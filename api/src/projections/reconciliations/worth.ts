import { type Rational, ZERO, add, subtract } from "@throughline/schemas/exact/rational";
import type { Side } from "./entry.ts";
import { clearTotals } from "./received-not-invoiced.ts";

export interface Amount {
  value: Rational;
  currency: string;
}

/** What the entries of a side that stand are worth, by currency, and how many of them do not say. */
export interface Worth {
  add: (amount: Amount | undefined) => void;
  remove: (amount: Amount | undefined) => void;
  /** The sum; undefined where one says nothing or there are several currencies. "none" where there are no entries. */
  find: () => Amount | "none" | undefined;
}

export function createWorth(): Worth {
  const sums = new Map<string, { count: number; value: Rational }>();
  let silent = 0;
  const change = (amount: Amount | undefined, count: 1 | -1) => {
    if (amount === undefined) {
      silent += count;
      return;
    }
    const known = sums.get(amount.currency) ?? { count: 0, value: ZERO };
    const value = count > 0 ? add(known.value, amount.value) : subtract(known.value, amount.value);
    if (known.count + count === 0) sums.delete(amount.currency);
    else sums.set(amount.currency, { count: known.count + count, value });
  };
  return {
    add: (amount) => change(amount, 1),
    remove: (amount) => change(amount, -1),
    find: () => {
      if (silent > 0 || sums.size > 1) return undefined;
      for (const [currency, { value }] of sums) return { currency, value };
      return "none";
    },
  };
}

/**
 * What is open by quantity, at the price of side a: see `clearByQuantity`. Of each side what its entries are worth and their
 * quantity. Undefined where one of them states no amount, or amounts are in several currencies.
 */
export function findBalance(sides: Partial<Readonly<Record<Side, readonly [Worth, Rational]>>>): Amount | undefined {
  const [a, b] = [toTotals(sides.a), toTotals(sides.b)];
  const currency = a?.currency === "" ? b?.currency : a?.currency;
  if (!a || !b || !currency || (b.currency !== "" && b.currency !== currency)) return undefined;
  return { value: clearTotals(a, b).balance, currency };
}

function toTotals(side: readonly [Worth, Rational] | undefined) {
  const found = side === undefined ? "none" : side[0].find();
  if (found === undefined) return undefined;
  if (side === undefined || found === "none") return { quantity: ZERO, amount: ZERO, currency: "" };
  return { quantity: side[1], amount: found.value, currency: found.currency };
}
