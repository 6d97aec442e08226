import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { toAmount } from "./currency.ts";
import { type Invoice, type OrderTerms, countDays } from "./documents.ts";
import type { BilledEntry } from "./match.ts";
import { type MatchTest, toBroken } from "./match-test.ts";
import { type Rational, add, subtract, toRational } from "@throughline/schemas/exact/rational";
import { exceeds } from "./tolerance.ts";

/** BLANKET_LIMIT and BLANKET_DATE: a frame order is bound by its value and its days, not by quantity and price. */
export function listBlanketTests(
  blanket: NonNullable<OrderTerms["blanket"]>,
  billed: { invoice: Invoice; amount: Rational; before: BilledEntry },
  { blanket: limits }: ToleranceProfile,
): MatchTest[] {
  const { invoice, amount, before } = billed;
  const { limit, from, to } = blanket;
  if (before.amount === undefined) return [toBroken("CURRENCY", "blanket")];
  const beyond = subtract(add(before.amount, amount), limit.value);
  const days = countDaysOutside(invoice.enteredOn, { from, to });
  return [
    {
      code: "BLANKET_LIMIT",
      of: "blanket",
      isBroken: exceeds(beyond, limits.amount),
      describe: () => ({ difference: toAmount(beyond, limit.currency), limit: { amount: limits.amount } }),
    },
    {
      code: "BLANKET_DATE",
      of: "blanket",
      isBroken: exceeds(toRational(BigInt(days)), limits.days),
      describe: () => ({ difference: { value: String(days), unit: "days" }, limit: { days: limits.days } }),
    },
  ];
}

function countDaysOutside(day: string, { from, to }: { from: string | undefined; to: string | undefined }): number {
  const before = from === undefined ? 0 : (countDays(day, from) ?? 0);
  const after = to === undefined ? 0 : (countDays(to, day) ?? 0);
  return Math.max(0, before, after);
}
