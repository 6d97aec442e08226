import {
  type Rational,
  divide,
  formatDecimal,
  isZero,
  multiply,
  negate,
  parseRational,
  signOf,
} from "@throughline/schemas/exact/rational";
import type { Fact } from "../fact.ts";
import { roundMoney } from "../matches/currency.ts";
import { type Entry, findValue } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";
import type { SubjectEntries } from "./read-entries.ts";
import { type Valued, clearByQuantity } from "./received-not-invoiced.ts";

const NONE = { balance: "", currency: "" };

/**
 * What an open quantity is worth from a moment on: the entries that stand in it, cleared by quantity at the price of side a,
 * rounded half-up once, to the currency's minor unit. Nothing where one of them states no amount, or amounts are in several currencies.
 */
export function measureBalance(
  {
    model,
    unit,
    group,
    read,
    ids,
  }: {
    model: ReconciliationModel;
    unit: string;
    group: readonly Entry[];
    read: SubjectEntries;
    ids: ReadonlySet<string>;
  },
  at: number,
): { balance: string; currency: string } {
  if (model.rule.measure.kind !== "quantity" || model.sides.b.isLevel) return NONE;
  const standing = group.flatMap((entry) => {
    const quantity = findValue(entry, at + 1);
    const [whole] = entry.movements;
    if (quantity === undefined || whole === undefined || !ids.has(entry.id)) return [];
    return [{ side: entry.side, at: whole.at, quantity, whole: whole.value, fact: read.facts.get(entry.id) }];
  });
  const amounts = standing.map(({ fact, quantity, whole }) => fact && findAmount(fact, { quantity, whole }));
  const [first] = amounts;
  if (!first || amounts.some((amount) => amount?.currency !== first.currency)) return NONE;
  const valued = (side: "a" | "b"): Valued[] =>
    standing.flatMap((entry, index) => {
      const amount = amounts[index]?.value;
      if (entry.side !== side || amount === undefined) return [];
      // An amount is stated without the sign that its side gives it.
      const isOpposed = signOf(entry.quantity) < 0 !== signOf(amount) < 0;
      return [{ at: entry.at, quantity: entry.quantity, amount: isOpposed ? negate(amount) : amount }];
    });
  const account = { line: "", unit, currency: first.currency, receipts: valued("a"), invoices: valued("b") };
  const { balance } = clearByQuantity(account, at + 1);
  return { balance: formatDecimal(roundMoney(balance, first.currency)), currency: first.currency };
}

/** Of what was taken back in part, the amount of what is left. */
function findAmount({ measures }: Fact, { quantity, whole }: { quantity: Rational; whole: Rational }) {
  const { amount } = measures;
  const value = amount && parseRational(amount.value);
  if (!amount || !value || !("currency" in amount)) return undefined;
  const share = isZero(whole) ? value : multiply(value, divide(quantity, whole));
  return { value: share, currency: amount.currency };
}
