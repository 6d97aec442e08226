import { divide, formatDecimal, formatFixed, isZero, type Rational } from "@throughline/schemas/exact/rational";
import { type Quantity, type UnitBook, findConversion } from "@throughline/schemas/exact/units";
import { minorDigitsOf } from "./currency.ts";
import type { EventPlace, Invoice, InvoiceLine, Movement, OrderHistory } from "./documents.ts";
import type { Ledger } from "./match.ts";
import { measureBilled } from "./measure-line.ts";
import { type OrderMeasure, toDay } from "./measure-order.ts";

/** Where a factor between units was found: in the document, the order, or what is known of the item and of any item. */
export const FACTOR_SOURCES = ["document", "order", "item"] as const;

/** Why a document is not among those that the figures are made of. */
export const LEFT_OUT = ["blocked-stock", "later", "not-in-books", "unit-unknown", "other-currency"] as const;

/** How a document's quantity became one in the order unit: `left` is as much as `right`, both in whole numbers. */
export interface UsedFactor {
  left: { value: string; unit: string };
  right: { value: string; unit: string };
  by: (typeof FACTOR_SOURCES)[number];
}

/** A document that was looked at, with what it says in the order unit. */
export interface ExplainedDocument {
  kind: "receipt" | "return" | "notice" | "invoice" | "credit";
  type: Invoice["type"] | "";
  id: string;
  document: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  stated: { value: string; unit: string }[];
  quantity: string | undefined;
  amount: { value: string; currency: string } | undefined;
  factor: UsedFactor | undefined;
  leftOut: (typeof LEFT_OUT)[number] | undefined;
  event: EventPlace | undefined;
  site: string;
}

const SOURCE_OF_BOOK = ["order", "item"] as const;

/** The receipts, returns and notices of an order line; `until` leaves out what went back later. */
export function explainMovements(
  history: OrderHistory,
  order: OrderMeasure | undefined,
  { until, withNotices }: { until: number; withNotices: boolean },
): ExplainedDocument[] {
  const explain = (kind: ExplainedDocument["kind"], movement: Movement): ExplainedDocument => {
    const converted = order && toConverted(movement.quantities, order, order.booksOf(toDay(movement.time)));
    return {
      kind,
      type: "",
      id: movement.id.split("\u0000")[0] ?? "",
      document: "",
      at: movement.time,
      stated: toStated(movement.quantities),
      quantity: converted?.quantity,
      amount: undefined,
      factor: converted?.factor,
      leftOut: movement.isBlocked
        ? "blocked-stock"
        : kind === "return" && movement.time > until
          ? "later"
          : order && !converted
            ? "unit-unknown"
            : undefined,
      event: movement.event,
      site: history.site,
    };
  };
  return [
    ...history.receipts.map((movement) => explain("receipt", movement)),
    ...history.returns.map((movement) => explain("return", movement)),
    ...(withNotices ? history.notices.map((movement) => explain("notice", movement)) : []),
  ].toSorted((a, b) => a.at - b.at);
}

/** Another invoice on the same order line, and whether it is among those that count. */
export function explainOtherInvoice(
  invoice: Invoice,
  { order, history, ledger }: { order: OrderMeasure | undefined; history: OrderHistory; ledger: Ledger },
  isLater: boolean,
): ExplainedDocument {
  const lines = invoice.lines.filter((line) => line.order === history.terms.id);
  const explained = explainLines(invoice, lines, order);
  const isInBooks = ledger.isInBooks(invoice);
  const leftOut = isLater ? "later" : isInBooks ? explained.leftOut : "not-in-books";
  return { ...explained, leftOut };
}

/** The lines of an invoice on one order line, summed, in the order unit. */
export function explainLines(
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  order: OrderMeasure | undefined,
): ExplainedDocument {
  const billed = order && measureBilled(invoice, lines, order);
  const isMeasured = billed !== undefined && typeof billed !== "string";
  const [first] = lines;
  const books = order?.booksOf(invoice.enteredOn) ?? [];
  const amount = isMeasured ? billed.amount : undefined;
  return {
    kind: invoice.kind === "credit_memo" || invoice.kind === "subsequent_credit" ? "credit" : "invoice",
    type: invoice.type,
    id: invoice.id,
    document: invoice.document,
    at: invoice.enteredAt,
    stated: lines.flatMap(({ quantities }) => toStated(quantities.slice(0, 1))),
    quantity: isMeasured ? formatDecimal(billed.quantity) : undefined,
    amount:
      amount && order
        ? { value: formatFixed(amount, minorDigitsOf(order.currency)), currency: order.currency }
        : undefined,
    factor: order && first && toConverted(first.quantities, order, books)?.factor,
    leftOut: order && !isMeasured ? "unit-unknown" : order && !amount ? "other-currency" : undefined,
    event: first?.event,
    site: invoice.site,
  };
}

function toConverted(quantities: readonly Quantity[], order: OrderMeasure, books: readonly UnitBook[]) {
  const conversion = findConversion(quantities, order.unit, books);
  if (conversion === undefined) return undefined;
  const stated = quantities.find(({ unit, value }) => unit !== order.unit && !isZero(value));
  const from = conversion.book === undefined ? stated : conversion.from;
  const quantity = formatDecimal(conversion.value);
  if (from === undefined || isZero(conversion.value)) return { quantity, factor: undefined };
  const by: UsedFactor["by"] = conversion.book === undefined ? "document" : (SOURCE_OF_BOOK[conversion.book] ?? "item");
  return { quantity, factor: { ...toEquation(divide(from.value, conversion.value), from.unit, order.unit), by } };
}

/** The smaller number stands at the left: 1 CS = 24 VL, 3 RL = 7 M. */
function toEquation({ numerator, denominator }: Rational, stated: string, unit: string) {
  const ofOrder = { value: denominator.toString(), unit };
  const ofDocument = { value: numerator.toString(), unit: stated };
  return numerator >= denominator ? { left: ofOrder, right: ofDocument } : { left: ofDocument, right: ofOrder };
}

function toStated(quantities: readonly Quantity[]) {
  return quantities.map(({ value, unit }) => ({ value: formatDecimal(value), unit }));
}
