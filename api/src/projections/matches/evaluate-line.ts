import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { listBlanketTests } from "./blanket-causes.ts";
import { sortCauses, toOutcome } from "./cause.ts";
import { type Invoice, type InvoiceLine, type OrderHistory, countDays } from "./documents.ts";
import { listLineFreightTests } from "./freight.ts";
import { findFx } from "./fx.ts";
import { toFigures } from "./line-figures.ts";
import type { BilledEntry, Ledger, LineMatch, MatchClass, MatchContext } from "./match.ts";
import { type MatchTest, toBroken, toCauses } from "./match-test.ts";
import { type LineMeasure, measureBilled, measureLine, toSigned } from "./measure-line.ts";
import { measureOrder } from "./measure-order.ts";
import { listOverDeliveryTests } from "./order-causes.ts";
import { listAmountTests, listContractTests, listPriceTests, listRatioTests } from "./price-causes.ts";
import { isEmpty, listCreditTests, listQuantityTests, listSuspectTests } from "./quantity-causes.ts";
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

/** A result, how it came about, and what it puts on the order line for the invoices after it. */
export interface EvaluatedLine {
  match: LineMatch;
  subject: LineSubject;
  tests: readonly MatchTest[];
  entry: BilledEntry;
  measure: LineMeasure | undefined;
}

/** Tests the lines of one invoice on one order line. */
export function evaluateLine(subject: LineSubject, context: MatchContext): EvaluatedLine {
  const { invoice, lines, history } = subject;
  const terms = history?.terms;
  const profile = context.profileOf(terms ?? { company: invoice.company, supplierGroup: "", itemCategory: "" });
  const found = history ? evaluateKnown(subject, { ...context, profile, history }) : NO_ORDER;
  const causes = sortCauses(toCauses(found.tests));
  return {
    match: {
      invoice: invoice.id,
      document: invoice.document,
      lines: lines.map(({ id }) => id).toSorted(),
      order: terms?.id ?? "",
      profile: profile.id,
      ...toMatchClass(invoice, terms),
      outcome: toOutcome(causes),
      causes,
      figures: found.measure && toFigures(found.measure),
      fx: found.measure && findFx(found.measure, lines),
    },
    subject,
    tests: found.tests,
    entry: found.entry ?? { quantity: undefined, amount: undefined },
    measure: found.measure,
  };
}

/** What a result is routed by. */
export function toMatchClass(
  { company }: Pick<Invoice, "company">,
  terms: Pick<OrderHistory["terms"], "company" | "supplierGroup" | "itemCategory"> | undefined,
): MatchClass {
  return {
    company: company === "" ? (terms?.company ?? "") : company,
    supplierGroup: terms?.supplierGroup ?? "",
    itemCategory: terms?.itemCategory ?? "",
  };
}

interface Found {
  tests: MatchTest[];
  entry?: BilledEntry;
  measure?: LineMeasure;
}

interface LineContext extends MatchContext {
  profile: ToleranceProfile;
  history: OrderHistory;
}

const NO_ORDER: Found = { tests: [toBroken("NO_PO", "terms")] };

function evaluateKnown(subject: LineSubject, context: LineContext): Found {
  const { terms } = context.history;
  const { isSelfBilled } = subject.invoice;
  if (!isSelfBilled && terms.isSettledByReceipt) return { tests: [toBroken("ERS_INVOICE", "terms")] };
  if (!isSelfBilled && terms.isConsignment) return { tests: [toBroken("CONSIGN_INVOICE", "terms")] };
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
  if (known.length < amounts.length) return { tests: [toBroken("CURRENCY", "terms")] };
  const amount = toSigned(invoice, roundMoney(sum(known), currency));
  const tests = listBlanketTests(blanket, { invoice, amount, before: ledger.before }, profile);
  return { tests, entry: { quantity: undefined, amount } };
}

function evaluateGoods(subject: LineSubject, context: LineContext): Found {
  const { invoice, lines, ledger } = subject;
  const { history, profile } = context;
  const order = measureOrder(history, context.reference);
  if (typeof order === "string") return { tests: [toBroken(order, "terms")] };
  const billed = measureBilled(invoice, lines, order);
  if (typeof billed === "string") return { tests: [toBroken(billed, "terms")] };
  const entry = { quantity: billed.quantity, amount: billed.amount };
  const isNoticeRequired = profile.shipNotice === "required";
  const measure = measureLine(billed, { invoice, history, order, isNoticeRequired }, ledger);
  if (typeof measure === "string") return { tests: [toBroken(measure, "terms")], entry };
  const currency = billed.amount === undefined ? [toBroken("CURRENCY", "price")] : [];
  return { tests: [...currency, ...listTests(measure, subject, context)], entry, measure };
}

function listTests(measure: LineMeasure, { invoice, lines }: LineSubject, context: LineContext): MatchTest[] {
  const { history, profile, reference } = context;
  const { terms } = history;
  if (isEmpty(measure)) return [];
  const price = listPriceTests(measure, profile);
  if (signOf(measure.quantity) < 0) return [...price, ...listCreditTests(measure)];
  if (isZero(measure.quantity)) return price;
  const daysEarly = terms.scheduledOn === undefined ? undefined : countDays(invoice.enteredOn, terms.scheduledOn);
  return [
    ...listSuspectTests(measure),
    ...price,
    ...listQuantityTests(measure, terms, profile),
    ...listRatioTests(measure, profile, invoice.enteredAt),
    ...listAmountTests(measure, profile, { daysEarly }),
    ...listLineFreightTests(measure, { lines, terms, profile }),
    ...listOverDeliveryTests(terms, measure.order),
    ...listContractTests(terms, measure.order, reference),
  ];
}
