import type { Contest, Fact } from "../fact.ts";
import { toObjectKey } from "../fact.ts";
import type { Invoice, OrderHistory } from "./documents.ts";
import { listStanding } from "./read-facts.ts";
import { type InvoiceRef, findInvoice, readInvoices } from "./read-invoices.ts";
import { readOrder } from "./read-order.ts";

/** Order lines and invoices as facts state them. */
export interface Documents {
  orders: OrderHistory[];
  invoices: Invoice[];
}

/** Reads all order lines and invoices that facts name. The order of the facts decides nothing, nor does a repetition. */
export function readDocuments(facts: readonly Fact[], contested: ReadonlyMap<string, Contest>): Documents {
  const standing = listStanding(facts, contested);
  const lines = new Set<string>();
  const invoices = new Map<string, InvoiceRef>();
  for (const fact of standing.facts) {
    for (const { type, id } of fact.objects) if (type === "purchase_order_line") lines.add(id);
    const invoice = findInvoice(fact);
    if (invoice) invoices.set(toObjectKey(invoice), invoice);
  }
  return {
    orders: [...lines].flatMap((id) => readOrder(id, standing) ?? []),
    invoices: [...invoices.values()].flatMap((invoice) => readInvoices(invoice, standing)),
  };
}
