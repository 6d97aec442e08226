import { type InvoiceAttributes, invoiceAttributes } from "@throughline/schemas/trade-attributes";
import { type Fact, toIdentity } from "../fact.ts";
import { divide, isZero, multiply } from "@throughline/schemas/exact/rational";
import type { Money } from "./currency.ts";
import type { Invoice, InvoiceLine } from "./documents.ts";
import { toDay } from "./measure-order.ts";
import {
  type StandingFacts,
  dropRepeated,
  findMoney,
  findObject,
  findQuantity,
  isContested,
  listQuantities,
} from "./read-facts.ts";
import { kindOfType, roleOf } from "./trade-types.ts";

/** What names a document that bills or credits. */
export interface InvoiceRef {
  type: "invoice" | "credit_memo";
  id: string;
}

/** The document that an event of an invoice or credit memo concerns. */
export function findInvoice(fact: Fact): InvoiceRef | undefined {
  const types = fact.type.startsWith("erp.credit_memo.") ? (["credit_memo"] as const) : (["invoice"] as const);
  for (const type of types) {
    const id = findObject(fact, type);
    if (id !== undefined) return { type, id };
  }
  return undefined;
}

interface Statement {
  fact: Fact;
  said: InvoiceAttributes;
}

/** Reads each entry of a document from the facts that stand and name it. One whose lines are all taken back is none. */
export function readInvoices({ type, id }: InvoiceRef, { facts, conflicts }: StandingFacts): Invoice[] {
  const own = facts.filter((fact) => {
    const role = roleOf(fact);
    const ref = role === "invoice" || role === "posted-invoice" ? findInvoice(fact) : undefined;
    return ref?.type === type && ref.id === id;
  });
  const statements = own.map((fact) => ({ fact, said: invoiceAttributes.parse(fact.attributes) }));
  const numbers = [...new Set(statements.flatMap(({ said }) => said.document ?? []))];
  // What names no entry belongs to the only one there is.
  const [only] = numbers.length === 1 ? numbers : [""];
  const entries = Map.groupBy(statements, ({ said }) => said.document ?? only ?? "");
  return [...entries].flatMap(
    ([document, entry]) => readEntry({ type, id, document }, { statements: entry, conflicts }) ?? [],
  );
}

function readEntry(
  key: InvoiceRef & { document: string },
  { statements, conflicts }: { statements: readonly Statement[]; conflicts: ReadonlySet<string> },
): Invoice | undefined {
  const received = statements.filter(({ fact }) => roleOf(fact) === "invoice" && isLine(fact));
  const posted = statements.filter(({ fact }) => roleOf(fact) === "posted-invoice" && isLine(fact));
  const chosen = received.length > 0 ? received : posted;
  const lines = dropRepeated(
    chosen.map(({ fact }) => fact),
    toLineKey,
  ).map(toLine);
  const [first] = (chosen.length > 0 ? chosen : statements).map(({ fact }) => fact);
  if (first === undefined) return undefined;
  const say = <Value>(pick: (said: InvoiceAttributes) => Value | undefined) =>
    statements.map(({ said }) => pick(said)).find((value) => value !== undefined);
  const state = (name: string) =>
    statements.map(({ fact }) => findMoney(fact, name)).find((value) => value !== undefined);
  return {
    ...key,
    kind: say(({ kind }) => kind) ?? kindOfType(first.type),
    company: say(({ company }) => company) ?? "",
    supplier: statements.map(({ fact }) => findObject(fact, "supplier")).find(Boolean) ?? toQualifier(key.id),
    reference: say(({ reference }) => reference) ?? key.id.slice(key.id.indexOf("/") + 1),
    documentDate: say(({ document_date: day }) => day),
    enteredAt: first.time,
    enteredOn: say(({ entry_date: day }) => day) ?? toDay(first.time),
    dueOn: say(({ due_date: day }) => day),
    discountOn: say(({ discount_date: day }) => day),
    discount: state("discount"),
    isSelfBilled: say(({ self_billed: value }) => value) ?? false,
    site: first.site,
    isContested: isContested(
      statements.map(({ fact }) => fact),
      { conflicts, keyOf: toLineKey },
    ),
    lines,
    gross: state("gross"),
    tax: state("invoice_tax"),
    charges: state("invoice_charges"),
    freight: state("invoice_freight"),
  };
}

/** What states neither goods nor money concerns the document as a whole. */
function isLine(fact: Fact): boolean {
  return (
    fact.measures["quantity"] !== undefined ||
    fact.measures["amount"] !== undefined ||
    findObject(fact, "purchase_order_line") !== undefined
  );
}

function toLineKey(fact: Fact): string | undefined {
  const line = findObject(fact, "invoice_line");
  return line && `${line}\u0000${findObject(fact, "purchase_order_line") ?? ""}`;
}

function toLine(fact: Fact): InvoiceLine {
  return {
    id: findObject(fact, "invoice_line") ?? toIdentity(fact).replace("\u0000", "/"),
    order: findObject(fact, "purchase_order_line"),
    quantities: listQuantities(fact),
    amount: findMoney(fact, "amount") ?? findPriced(fact),
    tax: findMoney(fact, "tax"),
    charges: findMoney(fact, "charges"),
    freight: findMoney(fact, "freight"),
    rate: findMoney(fact, "exchange_rate"),
    event: { log: fact.log, position: fact.position },
  };
}

/** What a line is worth that states a quantity and its own price in the same unit, but no amount. */
function findPriced(fact: Fact): Money | undefined {
  const [quantities, price] = [listQuantities(fact), findMoney(fact, "price")];
  const basis = findQuantity(fact, "price_basis");
  const quantity = quantities.find(({ unit }) => basis === undefined || unit === basis.unit);
  if (price === undefined || quantity === undefined || (basis && isZero(basis.value))) return undefined;
  const value = multiply(price.value, quantity.value);
  return { value: basis ? divide(value, basis.value) : value, currency: price.currency };
}

/** The supplier that qualifies a number, in "CARDINAL/INV-0087". */
function toQualifier(id: string): string {
  return id.includes("/") ? id.slice(0, id.indexOf("/")) : "";
}
