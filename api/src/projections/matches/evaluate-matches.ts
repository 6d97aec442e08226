import { type Invoice, type OrderHistory, compareInvoices, toInvoiceKey } from "./documents.ts";
import { toDuplicateKey } from "./duplicates.ts";
import { type EvaluatedInvoice, evaluateInvoice } from "./evaluate-invoice.ts";
import { isPosted } from "./cause.ts";
import type { Ledger, MatchContext, Matches, MatchHistory } from "./match.ts";
import { measureBilled } from "./measure-line.ts";
import { measureOrder } from "./measure-order.ts";
import { type OrderBook, createOrderBook } from "./order-book.ts";
import { type EvaluatedOrder, evaluateOrder } from "./order-causes.ts";
import { type Rational, ZERO, add, negate, signOf } from "@throughline/schemas/exact/rational";

/** Results with how they came about. */
export interface ExaminedMatches {
  invoices: EvaluatedInvoice[];
  orders: EvaluatedOrder[];
}

/**
 * Matches invoices with orders and receipts, in the order in which they were entered, so that each one finds what the
 * earlier ones left. Depends on nothing but its arguments, nor on the order of what they list. `settled` tells of
 * invoices that were evaluated before whether they are in the books: these are counted and not reported.
 */
export function evaluateMatches(
  history: MatchHistory,
  context: MatchContext,
  settled?: (invoice: Invoice) => boolean | undefined,
): Matches {
  const { invoices, orders } = examineMatches(history, context, settled);
  return { invoices: invoices.map(({ match }) => match), orders: orders.map(({ match }) => match) };
}

/** The same, with every test that was made. */
export function examineMatches(
  history: MatchHistory,
  context: MatchContext,
  settled: (invoice: Invoice) => boolean | undefined = () => undefined,
): ExaminedMatches {
  const orders = new Map(history.orders.map((order) => [order.terms.id, order]));
  const invoices = history.invoices.toSorted(compareInvoices);
  const [alikeOf, billedOn] = [groupAlike(invoices), groupByOrder(invoices)];
  const creditsOf = listCreditsBy(
    (order) => ({ order: orders.get(order), invoices: billedOn.get(order) ?? [] }),
    context,
  );
  const books = new Map<string, OrderBook>();
  const bookOf = (order: string) => {
    const book = books.get(order) ?? createOrderBook();
    books.set(order, book);
    return book;
  };
  const examined: EvaluatedInvoice[] = [];
  for (const invoice of invoices) {
    const ledgerOf = (order: string): Ledger => {
      const book = bookOf(order);
      return { before: book.sum(), isInBooks: book.has, creditedLater: creditsOf(order)(invoice) };
    };
    const around = { findOrder: (id: string) => orders.get(id), ledgerOf, alike: alikeOf(invoice) };
    const evaluated = evaluateInvoice(invoice, around, context);
    const isInBooks = settled(invoice);
    if (isInBooks === undefined) examined.push(evaluated);
    if (isInBooks ?? isPosted(evaluated.match.outcome))
      for (const { order, entry } of evaluated.entries) bookOf(order).put(invoice, entry);
  }
  const sortedOrders = [...orders.values()].toSorted((a, b) => (a.terms.id < b.terms.id ? -1 : 1));
  return {
    invoices: examined,
    orders: sortedOrders.map((order) => evaluateOrder(order, bookOf(order.terms.id).sum(), context)),
  };
}

/** The invoices that name an order line, in their order. */
export function groupByOrder(invoices: readonly Invoice[]): ReadonlyMap<string, Invoice[]> {
  const groups = new Map<string, Invoice[]>();
  for (const invoice of invoices)
    for (const order of new Set(invoice.lines.flatMap((line) => line.order ?? []))) pushTo(groups, order, invoice);
  return groups;
}

function pushTo<Value>(lists: Map<string, Value[]>, key: string, value: Value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function groupAlike(invoices: readonly Invoice[]): (invoice: Invoice) => Invoice[] {
  const groups = Map.groupBy(invoices, (invoice) => toDuplicateKey(invoice));
  return (invoice) => {
    const key = toDuplicateKey(invoice);
    return key === undefined
      ? []
      : (groups.get(key) ?? []).filter((other) => toInvoiceKey(other) !== toInvoiceKey(invoice));
  };
}

interface Credit {
  invoice: Invoice;
  quantity: Rational;
}

/** What was given back behind an invoice. */
type CreditedLater = (than: Invoice) => Rational;

const NO_CREDITS: CreditedLater = () => ZERO;

/** What credits give back on an order line, in order units, each found once; what is in an unknown unit is left out. */
function listCreditsBy(
  find: (order: string) => { order: OrderHistory | undefined; invoices: readonly Invoice[] },
  context: MatchContext,
): (order: string) => CreditedLater {
  const known = new Map<string, CreditedLater>();
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    const { order, invoices } = find(id);
    // One alone has none behind it.
    const credits = order && invoices.length > 1 ? addUpCredits(listCredits(order, invoices, context)) : NO_CREDITS;
    known.set(id, credits);
    return credits;
  };
}

/** Adds up credits, which are in the order of their entry, from the last one back. */
function addUpCredits(credits: readonly Credit[]): CreditedLater {
  if (credits.length === 0) return NO_CREDITS;
  const behind = [ZERO];
  for (const { quantity } of credits.toReversed()) behind.push(add(behind.at(-1) ?? ZERO, quantity));
  return (than) => {
    let [low, high] = [0, credits.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const credit = credits[middle];
      if (credit && compareInvoices(credit.invoice, than) <= 0) low = middle + 1;
      else high = middle;
    }
    return behind[credits.length - low] ?? ZERO;
  };
}

function listCredits(
  order: OrderHistory,
  invoices: readonly Invoice[],
  { reference }: MatchContext,
): readonly Credit[] {
  const measure = order.terms.blanket ? "UOM_UNKNOWN" : measureOrder(order, reference);
  if (typeof measure === "string") return [];
  return invoices.flatMap((invoice) => {
    const lines = invoice.lines.filter((line) => line.order === order.terms.id);
    const billed = lines.length === 0 ? undefined : measureBilled(invoice, lines, measure);
    if (billed === undefined || typeof billed === "string" || signOf(billed.quantity) >= 0) return [];
    return [{ invoice, quantity: negate(billed.quantity) }];
  });
}
