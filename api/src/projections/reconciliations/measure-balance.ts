import {
  type Rational,
  divide,
  isZero,
  multiply,
  negate,
  parseRational,
  signOf,
} from "@throughline/schemas/exact/rational";
import type { Fact } from "../fact.ts";
import type { Entry } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";
import type { Amount } from "./worth.ts";

/**
 * What the entries of a reconciliation of quantities are worth, by what their events state: of what was taken back in part, what is
 * left of it. Undefined for reconciliations of which nothing has a worth of its own.
 */
export function createAmountOf(
  { rule, sides }: ReconciliationModel,
  facts: ReadonlyMap<string, Fact>,
): ((entry: Entry, quantity: Rational) => Amount | undefined) | undefined {
  if (rule.measure.kind !== "quantity" || sides.b.isLevel) return undefined;
  return ({ id, movements: [whole] }, quantity) => {
    const fact = facts.get(id);
    const amount = fact && whole && findAmount(fact, { quantity, whole: whole.value });
    if (!amount) return undefined;
    // An amount is stated without the sign that its side gives it.
    const isOpposed = signOf(quantity) < 0 !== signOf(amount.value) < 0;
    return isOpposed ? { ...amount, value: negate(amount.value) } : amount;
  };
}

function findAmount(
  { measures }: Fact,
  { quantity, whole }: { quantity: Rational; whole: Rational },
): Amount | undefined {
  const { amount } = measures;
  const value = amount && parseRational(amount.value);
  if (!amount || !value || !("currency" in amount)) return undefined;
  const share = isZero(whole) ? value : multiply(value, divide(quantity, whole));
  return { value: share, currency: amount.currency };
}
