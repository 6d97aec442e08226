import {
  type Rational,
  ZERO,
  add,
  divide,
  isZero,
  leastOf,
  multiply,
  negate,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";

/** What one receipt or invoice says of an order line; returns and credits are below 0. */
export interface Valued {
  at: number;
  quantity: Rational;
  amount: Rational;
}

/** One order line, in one unit and one currency. */
export interface ClearingAccount {
  line: string;
  unit: string;
  currency: string;
  receipts: readonly Valued[];
  invoices: readonly Valued[];
}

/** What stands on the clearing account of goods received and invoiced, for one order line. */
export interface Clearing {
  /** Received and not invoiced is above 0, invoiced and not received below. */
  quantity: Rational;
  /** That quantity at the price of the receipts: a credit when above 0. */
  balance: Rational;
  /** What invoices differ from that price; no part of the balance. */
  priceVariance: Rational;
}

/**
 * Clears receipts against invoices by quantity, with what came before a moment. The price is the receipts' mean; as long
 * as nothing is received, that of the invoices.
 */
export function clearByQuantity(account: ClearingAccount, before: number): Clearing {
  const [received, invoiced] = [account.receipts, account.invoices].map((all) =>
    total(all.filter(({ at }) => at < before)),
  );
  return clearTotals(received ?? total([]), invoiced ?? total([]));
}

/** What receipts and invoices add up to. */
export interface Totals {
  quantity: Rational;
  amount: Rational;
}

/** The same, where both are added up already. */
export function clearTotals(receipts: Totals, invoices: Totals): Clearing {
  const quantity = subtract(receipts.quantity, invoices.quantity);
  const price = findPrice(receipts) ?? findPrice(invoices) ?? ZERO;
  const cleared = multiply(invoices.quantity, price);
  return {
    quantity,
    balance: subtract(receipts.amount, cleared),
    priceVariance: subtract(invoices.amount, cleared),
  };
}

export interface Accrual extends Pick<ClearingAccount, "line" | "unit" | "currency"> {
  quantity: Rational;
  value: Rational;
  /** When the oldest receipt came that is not invoiced as a whole, invoices taken first in, first out. */
  since: number;
}

/** What was received and not invoiced at a cut-off, by order line: what has to be accrued. Never summed over currencies. */
export function listAccruals(accounts: readonly ClearingAccount[], cutoff: number): Accrual[] {
  return accounts
    .flatMap((account) => {
      const { quantity, balance } = clearByQuantity(account, cutoff);
      const { line, unit, currency } = account;
      if (signOf(quantity) <= 0) return [];
      return [{ line, unit, currency, quantity, value: balance, since: findOldest(account, cutoff) }];
    })
    .toSorted((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
}

export function sumAccruals(accruals: readonly Accrual[]): Map<string, Rational> {
  const groups = Map.groupBy(accruals, ({ currency }) => currency);
  return new Map([...groups].map(([currency, group]) => [currency, sum(group.map(({ value }) => value))]));
}

function total(entries: readonly Valued[]): Totals {
  return { quantity: sum(entries.map(({ quantity }) => quantity)), amount: sum(entries.map(({ amount }) => amount)) };
}

function findPrice({ quantity, amount }: Totals): Rational | undefined {
  return isZero(quantity) ? undefined : divide(amount, quantity);
}

function findOldest({ receipts, invoices }: ClearingAccount, cutoff: number): number {
  const came = receipts.filter(({ at }) => at < cutoff).toSorted((a, b) => a.at - b.at);
  const returned = came.filter(({ quantity }) => signOf(quantity) < 0).map(({ quantity }) => negate(quantity));
  let covered = add(total(invoices.filter(({ at }) => at < cutoff)).quantity, sum(returned));
  for (const { at, quantity } of came.filter((receipt) => signOf(receipt.quantity) > 0)) {
    const part = leastOf(covered, quantity);
    if (isZero(part) || !isZero(subtract(part, quantity))) return at;
    covered = subtract(covered, part);
  }
  return came.at(-1)?.at ?? cutoff;
}
