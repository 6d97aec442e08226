import type { Contest, Fact } from "../fact.ts";
import { toObjectKey } from "../fact.ts";
import { compareByTime } from "../legs/resolve-facts.ts";
import type { Invoice, OrderHistory } from "./documents.ts";
import { findObject, listStanding } from "./read-facts.ts";
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
  const lines = new Map<string, Fact[]>();
  const wholes = new Map<string, Fact[]>();
  const invoices = new Map<string, { ref: InvoiceRef; facts: Fact[] }>();
  for (const fact of standing.facts) {
    const named = fact.objects.filter(({ type }) => type === "purchase_order_line");
    for (const { id } of named) pushTo(lines, id, fact);
    if (named.length === 0) pushTo(wholes, findObject(fact, "purchase_order") ?? "", fact);
    const ref = findInvoice(fact);
    const known = ref && invoices.get(toObjectKey(ref));
    if (known) known.facts.push(fact);
    else if (ref) invoices.set(toObjectKey(ref), { ref, facts: [fact] });
  }
  const { conflicts } = standing;
  return {
    orders: [...lines].flatMap(([id, own]) => {
      const order = own.map((fact) => findObject(fact, "purchase_order")).find(Boolean);
      const whole = order === undefined ? [] : (wholes.get(order) ?? []);
      return readOrder(id, { facts: [...own, ...whole].toSorted(compareByTime), conflicts }) ?? [];
    }),
    invoices: [...invoices.values()].flatMap(({ ref, facts: own }) => readInvoices(ref, { facts: own, conflicts })),
  };
}

function pushTo<Value>(lists: Map<string, Value[]>, key: string, value: Value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
