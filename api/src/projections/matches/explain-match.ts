import { formatDecimal } from "@throughline/schemas/exact/rational";
import { type Money, toAmount } from "./currency.ts";
import { type Invoice, type OrderHistory, compareInvoices, toInvoiceKey } from "./documents.ts";
import type { EvaluatedLine } from "./evaluate-line.ts";
import { examineMatches, groupByOrder } from "./evaluate-matches.ts";
import { type ExplainedDocument, explainLines, explainMovements, explainOtherInvoice } from "./explain-document.ts";
import type { InvoiceMatch, LineMatch, MatchContext, MatchHistory, OrderMatch } from "./match.ts";
import type { MatchTest } from "./match-test.ts";
import { measureOrder, type OrderMeasure } from "./measure-order.ts";

/** Which result is to be explained. */
export interface ExplainedKey {
  type: string;
  id: string;
  document: string;
}

/** How the lines of one invoice on one order line came to their result. */
export interface ExplainedLine {
  match: LineMatch;
  terms: ExplainedTerms | undefined;
  tests: readonly MatchTest[];
  /** What the invoice itself bills there. */
  billed: ExplainedDocument;
  /** Receipts, returns and other invoices, whether they count or not, the earliest first. */
  documents: ExplainedDocument[];
}

/** What the order line says, as far as the rules look at it. */
export interface ExplainedTerms {
  ordered: { value: string; unit: string }[];
  price: { value: string; currency: string } | undefined;
  /** What the price is for. */
  basis: { value: string; unit: string } | undefined;
  isReceiptExpected: boolean;
  isReceiptBased: boolean;
  isComplete: boolean;
  isCancelled: boolean;
}

export interface ExplainedInvoice {
  match: InvoiceMatch;
  /** Of the invoice as a whole. */
  tests: readonly MatchTest[];
  parts: { part: string; amount: { value: string; currency: string } }[];
  lines: ExplainedLine[];
}

export interface ExplainedOrder {
  match: OrderMatch;
  terms: ExplainedTerms;
  tests: readonly MatchTest[];
  documents: ExplainedDocument[];
}

/**
 * How an invoice came to its result: by the code that judges, with all that it looked at. `settled` tells of other invoices
 * whether they are in the books. Undefined when no such invoice stands.
 */
export function explainInvoice(
  history: MatchHistory,
  context: MatchContext,
  { key, settled }: { key: ExplainedKey; settled: (invoice: Invoice) => boolean | undefined },
): ExplainedInvoice | undefined {
  const isWanted = (invoice: Invoice) => toInvoiceKey(invoice) === `${key.type}\u0000${key.id}\u0000${key.document}`;

  const { invoices } = examineMatches(history, context, (invoice) =>
    isWanted(invoice) ? undefined : settled(invoice),
  );
  const found = invoices.find(({ invoice }) => isWanted(invoice));
  if (found === undefined) return undefined;
  const billedOn = groupByOrder(history.invoices);
  return {
    match: found.match,
    tests: found.tests,
    parts: listParts(found.invoice),
    lines: found.lines.map((line) => explainLine(line, { context, billedOn })),
  };
}

/** How an order line came to its result. Undefined when none of that id is known. */
export function explainOrder(
  history: MatchHistory,
  context: MatchContext,
  { id, settled }: { id: string; settled: (invoice: Invoice) => boolean | undefined },
): ExplainedOrder | undefined {
  const order = history.orders.find(({ terms }) => terms.id === id);
  const found = examineMatches(history, context, settled).orders.find(({ match }) => match.order === id);
  if (order === undefined || found === undefined) return undefined;
  const measure = findMeasure(order, context);
  const billed = (groupByOrder(history.invoices).get(id) ?? []).toSorted(compareInvoices);
  return {
    match: found.match,
    terms: toTerms(order),
    tests: found.tests,
    documents: [
      ...explainMovements(order, measure, { until: Infinity, withNotices: false }),
      ...billed.map((invoice) => {
        const explained = explainLines(
          invoice,
          invoice.lines.filter((line) => line.order === id),
          measure,
        );
        return settled(invoice) === false ? { ...explained, leftOut: "not-in-books" as const } : explained;
      }),
    ].toSorted((a, b) => a.at - b.at),
  };
}

function explainLine(
  { match, subject, tests }: EvaluatedLine,
  { context, billedOn }: { context: MatchContext; billedOn: ReadonlyMap<string, readonly Invoice[]> },
): ExplainedLine {
  const { invoice, lines, history, ledger } = subject;
  const measure = history && findMeasure(history, context);
  const others = (history ? (billedOn.get(history.terms.id) ?? []) : []).filter((other) => other !== invoice);
  return {
    match,
    terms: history && toTerms(history),
    tests,
    billed: explainLines(invoice, lines, measure),
    documents: history
      ? [
          ...explainMovements(history, measure, {
            until: match.figures?.quantity.startsWith("-") === true ? Infinity : invoice.enteredAt,
            withNotices: context.profileOf(history.terms).shipNotice === "required",
          }),
          ...others.map((other) =>
            explainOtherInvoice(other, { order: measure, history, ledger }, compareInvoices(other, invoice) > 0),
          ),
        ].toSorted((a, b) => a.at - b.at)
      : [],
  };
}

/** The order line in figures; a blanket order has none, nor has one without unit or price. */
function findMeasure(history: OrderHistory, { reference }: MatchContext): OrderMeasure | undefined {
  const measure = history.terms.blanket ? undefined : measureOrder(history, reference);
  return typeof measure === "object" ? measure : undefined;
}

function toTerms({ terms }: OrderHistory): ExplainedTerms {
  const toQuantity = ({ value, unit }: OrderHistory["terms"]["quantities"][number]) => ({
    value: formatDecimal(value),
    unit,
  });
  return {
    ordered: terms.quantities.map(toQuantity),
    price: terms.price && { value: formatDecimal(terms.price.value), currency: terms.price.currency },
    basis: terms.priceBasis && toQuantity(terms.priceBasis),
    isReceiptExpected: terms.isReceiptExpected,
    isReceiptBased: terms.isReceiptBased,
    isComplete: terms.isComplete,
    isCancelled: terms.isCancelled,
  };
}

const LINE_PARTS = ["amount", "tax", "charges", "freight"] as const;
const HEADER_PARTS = ["tax", "charges", "freight", "gross"] as const;

/** What the gross amount is made of, and the gross amount itself. */
function listParts(invoice: Invoice): ExplainedInvoice["parts"] {
  const toPart = (part: string, money: Money | undefined) =>
    money ? [{ part, amount: toAmount(money.value, money.currency) }] : [];
  return [
    ...invoice.lines.flatMap((line) =>
      LINE_PARTS.flatMap((part) => toPart(part === "amount" ? "net" : part, line[part])),
    ),
    ...HEADER_PARTS.flatMap((part) => toPart(part, invoice[part])),
  ];
}
