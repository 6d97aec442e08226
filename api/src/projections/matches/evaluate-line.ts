import type { MatchCause } from "@throughline/schemas/match";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { findBlanketCauses } from "./blanket-causes.ts";
import { sortCauses, toOutcome } from "./cause.ts";
import { type Invoice, type InvoiceLine, type OrderHistory, countDays } from "./documents.ts";
import { findLineFreight } from "./freight.ts";
import { findFx } from "./fx.ts";
import { toFigures } from "./line-figures.ts";
import type { Ledger, LedgerEntry, LineMatch, MatchContext } from "./match.ts";
import { type LineMeasure, measureBilled, measureLine, toSigned } from "./measure-line.ts";
import { measureOrder } from "./measure-order.ts";
import { findOverDelivery } from "./order-causes.ts";
import { findAmountCauses, findContractCauses, findPriceCauses, findRatioCauses } from "./price-causes.ts";
import { findCreditCauses, findQuantityCauses, findSuspectCauses, isEmpty } from "./quantity-causes.ts";
import { signOf, isZero, sum } from "@throughline/schemas/exact/rational";
import { roundMoney } from "./currency.ts";

/** The lines of one invoice on one order line, with what stands there besides. */
export interface LineSubject {
  invoice: Invoice;
  lines: readonly InvoiceLine[];
  /** The order that they name, when it is known. */
  history: OrderHistory | undefined;
  ledger: Ledger;
}

/** A result, and what it puts on the order line for the invoices after it. */
export interface EvaluatedLine {
  match: LineMatch;
  entry: LedgerEntry;
  measure: LineMeasure | undefined;
}

/** Tests the lines of one invoice on one order line. */
export function evaluateLine(subject: LineSubject, context: MatchContext): EvaluatedLine {
  const { invoice, lines, history } = subject;
  const terms = history?.terms;
  const profile = context.profileOf(terms ?? { company: invoice.company, supplierGroup: "", itemCategory: "" });
  const found = history ? evaluateKnown(subject, { ...context, profile, history }) : NO_ORDER;
  const causes = sortCauses(found.causes);
  return {
    match: {
      invoice: invoice.id,
      document: invoice.document,
      lines: lines.map(({ id }) => id).toSorted(),
      order: terms?.id ?? "",
      profile: profile.id,
      outcome: toOutcome(causes),
      causes,
      figures: found.measure && toFigures(found.measure),
      fx: found.measure && findFx(found.measure, lines),
    },
    entry: found.entry ?? { quantity: undefined, amount: undefined },
    measure: found.measure,
  };
}

interface Found {
  causes: MatchCause[];
  entry?: LedgerEntry;
  measure?: LineMeasure;
}

interface LineContext extends MatchContext {
  profile: ToleranceProfile;
  history: OrderHistory;
}

const NO_ORDER: Found = { causes: [{ code: "NO_PO" }] };

function evaluateKnown(subject: LineSubject, context: LineContext): Found {
  const { terms } = context.history;
  if (!subject.invoice.isSelfBilled && terms.isSettledByReceipt) return { causes: [{ code: "ERS_INVOICE" }] };
  if (!subject.invoice.isSelfBilled && terms.isConsignment) return { causes: [{ code: "CONSIGN_INVOICE" }] };
  return terms.blanket
    ? evaluateBlanket(subject, { ...context, blanket: terms.blanket })
    : evaluateGoods(subject, context);
}

function evaluateBlanket(
  { invoice, lines, ledger }: LineSubject,
  { blanket, profile }: LineContext & { blanket: NonNullable<OrderHistory["terms"]["blanket"]> },
): Found {
  const { currency } = blanket.limit;
  const amounts = lines.map(({ amount }) => (amount?.currency === currency ? amount.value : undefined));
  const known = amounts.filter((amount) => amount !== undefined);
  if (known.length < amounts.length) return { causes: [{ code: "CURRENCY" }] };
  const amount = toSigned(invoice, roundMoney(sum(known), currency));
  const causes = findBlanketCauses(blanket, { invoice, amount, before: ledger.before }, profile);
  return { causes, entry: { quantity: undefined, amount } };
}

function evaluateGoods(subject: LineSubject, context: LineContext): Found {
  const { invoice, lines, ledger } = subject;
  const { history, profile } = context;
  const order = measureOrder(history, context.reference);
  if (typeof order === "string") return { causes: [{ code: order }] };
  const billed = measureBilled(invoice, lines, order);
  if (typeof billed === "string") return { causes: [{ code: billed }] };
  const entry = { quantity: billed.quantity, amount: billed.amount };
  const isNoticeRequired = profile.shipNotice === "required";
  const measure = measureLine(billed, { invoice, history, order, isNoticeRequired }, ledger);
  if (typeof measure === "string") return { causes: [{ code: measure }], entry };
  const currency: MatchCause[] = billed.amount === undefined ? [{ code: "CURRENCY" }] : [];
  return { causes: [...currency, ...listCauses(measure, subject, context)], entry, measure };
}

function listCauses(measure: LineMeasure, { invoice, lines }: LineSubject, context: LineContext): MatchCause[] {
  const { history, profile, reference } = context;
  const { terms } = history;
  const price = findPriceCauses(measure, profile);
  if (isEmpty(measure)) return [];
  if (signOf(measure.quantity) < 0) return [...price, ...findCreditCauses(measure)];
  if (isZero(measure.quantity)) return price;
  const daysEarly = (terms.scheduledOn && countDays(invoice.enteredOn, terms.scheduledOn)) || 0;
  return [
    ...findSuspectCauses(measure, price),
    ...price,
    ...findQuantityCauses(measure, terms, profile),
    ...findRatioCauses(measure, profile, invoice.enteredAt),
    ...findAmountCauses(measure, profile, { daysEarly }),
    ...findLineFreight(measure, { lines, terms, profile }),
    ...findOverDelivery(terms, measure.order),
    ...findContractCauses(terms, measure.order, reference),
  ];
}
