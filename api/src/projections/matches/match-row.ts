import type { MatchCause, MatchOutcome } from "@throughline/schemas/match";
import { type Rational, formatDecimal, formatFixed, isZero } from "@throughline/schemas/exact/rational";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import { type Money, minorDigitsOf, toAmount } from "./currency.ts";
import type { Invoice, OrderHistory } from "./documents.ts";
import { findGross, toDuplicateKey } from "./duplicates.ts";
import type { InvoiceMatch, LineMatch, MatchClass, OrderMatch } from "./match.ts";

/** A result as it is stored, but for its step: what differs in nothing here is the same result. */
export interface MatchRow {
  subjectType: string;
  subjectId: string;
  document: string;
  kind: "invoice" | "line" | "order";
  orderLine: string;
  line: string;
  outcome: MatchOutcome;
  causes: readonly MatchCause[];
  /** Figures and what is shown apart, as JSON. */
  detail: Readonly<Record<string, unknown>>;
  amount: string;
  currency: string;
  company: string;
  supplier: string;
  supplierGroup: string;
  itemCategory: string;
  item: string;
  isContested: boolean;
  enteredAt: number;
  dueOn: string;
  discountOn: string;
  profile: string;
  ruleVersion: string;
  site: string;
}

/** A row that stands, and the step that found it. */
export interface CurrentMatch extends MatchRow {
  batch: number;
}

/** What a result is of; a later one of the same slot replaces it. */
export function toMatchSlot(
  row: Pick<MatchRow, "subjectType" | "subjectId" | "document" | "kind" | "orderLine" | "line">,
) {
  return [row.subjectType, row.subjectId, row.document, row.kind, row.orderLine, row.line].join("\u0000");
}

/** The rows of an invoice: one for the whole, one for its lines on each order line. */
export function toInvoiceRows(invoice: Invoice, match: InvoiceMatch, ruleVersion: string): MatchRow[] {
  const shape = { ...toShape(invoice), ruleVersion };
  const whole: MatchRow = {
    ...shape,
    ...toMoneyColumns(findGross(invoice)),
    ...toClassColumns(match),
    kind: "invoice",
    orderLine: "",
    line: "",
    item: "",
    outcome: match.outcome,
    causes: match.causes,
    detail: {
      invoiceKind: invoice.kind,
      writtenOff: toDetail(match.writtenOff),
      discount: toDetail(invoice.discount),
      duplicateKey: toDuplicateKey(invoice),
    },
    profile: match.profile,
  };
  return [whole, ...match.lines.map((line) => toLineRow(shape, line))];
}

type Shape = Omit<
  MatchRow,
  | "kind"
  | "orderLine"
  | "line"
  | "outcome"
  | "causes"
  | "detail"
  | "amount"
  | "currency"
  | "profile"
  | "item"
  | "company"
  | "supplierGroup"
  | "itemCategory"
>;

function toShape(invoice: Invoice): Omit<Shape, "ruleVersion"> {
  return {
    subjectType: invoice.type,
    subjectId: invoice.id,
    document: invoice.document,
    supplier: invoice.supplier,
    isContested: invoice.isContested,
    enteredAt: invoice.enteredAt,
    dueOn: invoice.dueOn ?? "",
    discountOn: invoice.discountOn ?? "",
    site: invoice.site,
  };
}

function toLineRow(shape: Shape, line: LineMatch): MatchRow {
  return {
    ...shape,
    ...toClassColumns(line),
    kind: "line",
    orderLine: line.order,
    line: line.order === "" ? (line.lines[0] ?? "") : "",
    item: "",
    outcome: line.outcome,
    causes: line.causes,
    detail: { lines: line.lines, figures: line.figures, fx: toDetail(line.fx) },
    amount: line.figures?.amount ?? "",
    currency: line.figures?.currency ?? "",
    profile: line.profile,
  };
}

/** The row of an order line; its time is the day on which it was ordered, and it is due when it is to be delivered. */
export function toOrderRow(
  { terms, site, isContested }: OrderHistory,
  match: OrderMatch,
  ruleVersion: string,
): MatchRow {
  const { open, uncleared, commitment, short } = match;
  const currency = terms.price?.currency ?? terms.blanket?.limit.currency ?? "";
  return {
    subjectType: "purchase_order_line",
    subjectId: terms.id,
    document: "",
    kind: "order",
    orderLine: terms.id,
    line: "",
    outcome: match.outcome,
    causes: match.causes,
    detail: {
      unit: terms.quantities[0]?.unit,
      open: open && formatDecimal(open),
      uncleared: uncleared && formatDecimal(uncleared.quantity),
      commitment:
        commitment && isStanding(open, commitment) ? formatFixed(commitment, minorDigitsOf(currency)) : undefined,
      short: isZero(short) ? undefined : formatDecimal(short),
      isUnknown: commitment === undefined ? true : undefined,
    },
    amount: uncleared?.amount ? formatFixed(uncleared.amount, minorDigitsOf(currency)) : "",
    currency,
    ...toClassColumns(match),
    supplier: terms.supplier,
    item: terms.item,
    isContested,
    enteredAt: Date.parse(`${terms.orderedOn}T00:00:00Z`),
    dueOn: terms.scheduledOn ?? "",
    discountOn: "",
    profile: match.profile,
    ruleVersion,
    site,
  };
}

function isStanding(open: Rational | undefined, commitment: Rational): boolean {
  return !isZero(commitment) || (open !== undefined && !isZero(open));
}

function toClassColumns({ company, supplierGroup, itemCategory }: MatchClass): MatchClass {
  return { company, supplierGroup, itemCategory };
}

/** Whether two rows of one slot say the same, whatever rules said it. */
export function isSameMatch(a: MatchRow, b: MatchRow): boolean {
  return (
    SCALARS.every((name) => a[name] === b[name]) &&
    isSameContent(a.causes, b.causes) &&
    isSameContent(a.detail, b.detail)
  );
}

const SCALARS = [
  "outcome",
  "amount",
  "currency",
  "company",
  "supplier",
  "supplierGroup",
  "itemCategory",
  "item",
  "isContested",
  "enteredAt",
  "dueOn",
  "discountOn",
  "profile",
  "site",
] as const;

/** Rows that were read from the store may have their keys in another order. */
function isSameContent(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || canonicalize(a) === canonicalize(JSON.parse(JSON.stringify(b)));
}

function toDetail(money: Money | undefined) {
  return money && toAmount(money.value, money.currency);
}

function toMoneyColumns(money: Money | undefined): { amount: string; currency: string } {
  const { value, currency } = money ? toAmount(money.value, money.currency) : { value: "", currency: "" };
  return { amount: value, currency };
}
