import { formatDecimal, negate, parseRational, signOf } from "@throughline/schemas/exact/rational";
import type { Fact } from "../fact.ts";
import { type Entry, findValue } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";
import type { SubjectEntries } from "./read-entries.ts";
import { type Valued, clearByQuantity } from "./received-not-invoiced.ts";

const NONE = { balance: "", currency: "" };

/**
 * What an open quantity is worth from a moment on, cleared by quantity at the price of side a. Nothing where an entry states
 * no amount, or amounts are in several currencies.
 */
export function measureBalance(
  {
    model,
    unit,
    group,
    read,
  }: { model: ReconciliationModel; unit: string; group: readonly Entry[]; read: SubjectEntries },
  at: number,
): { balance: string; currency: string } {
  if (model.rule.measure.kind !== "quantity" || model.sides.b.isLevel) return NONE;
  const standing = group.flatMap((entry) => {
    const quantity = findValue(entry, at + 1);
    return quantity === undefined
      ? []
      : [{ side: entry.side, at: entry.movements[0]?.at ?? at, quantity, fact: read.facts.get(entry.id) }];
  });
  const amounts = standing.map(({ fact }) => fact && findAmount(fact));
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
  return { balance: formatDecimal(clearByQuantity(account, at + 1).balance), currency: first.currency };
}

function findAmount({ measures }: Fact) {
  const { amount } = measures;
  const value = amount && parseRational(amount.value);
  return amount && value && "currency" in amount ? { value, currency: amount.currency } : undefined;
}
