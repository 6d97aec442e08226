import { type Rational, ZERO, add } from "@throughline/schemas/exact/rational";
import type { Invoice } from "./documents.ts";
import type { BilledEntry } from "./match.ts";

/** What invoices that are in the books put on an order line, added up as they come in. */
export interface OrderBook {
  /** Of all so far; undefined where one of them is not known. */
  sum: () => BilledEntry;
  put: (invoice: Invoice, entry: BilledEntry) => void;
  has: (invoice: Invoice) => boolean;
}

export function createOrderBook(): OrderBook {
  const invoices = new Set<Invoice>();
  const sums = { quantity: createSum(), amount: createSum() };
  return {
    sum: () => ({ quantity: sums.quantity.find(), amount: sums.amount.find() }),
    put: (invoice, { quantity, amount }) => {
      invoices.add(invoice);
      sums.quantity.put(quantity);
      sums.amount.put(amount);
    },
    has: (invoice) => invoices.has(invoice),
  };
}

function createSum() {
  let total: Rational | undefined = ZERO;
  return {
    find: () => total,
    put: (value: Rational | undefined) => {
      total = total && value && add(total, value);
    },
  };
}
