import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import type { Money } from "./currency.ts";
import type { Invoice, InvoiceLine, Movement, OrderHistory, OrderTerms } from "./documents.ts";
import { evaluateMatches } from "./evaluate-matches.ts";
import type { MatchContext, MatchHistory, Matches } from "./match.ts";
import { type Rational, parseRational } from "@throughline/schemas/exact/rational";
import type { ReferenceFacts } from "./reference.ts";
import type { Quantity, UnitEquation } from "@throughline/schemas/exact/units";

const off = { amount: "off", percent: "off" };

/** The profile of the examples: 50.00 and 2 % in price, 100.00 and 5 % in quantity, and so on. */
export const T1: ToleranceProfile = {
  id: "T1",
  title: "Usual",
  price: { above: { amount: "50.00", percent: "2" }, below: { amount: "off", percent: "5" } },
  quantity: { above: { amount: "100.00", percent: "5" }, below: off },
  noReceipt: "zero",
  unitRatio: { above: "5", below: "off" },
  freight: { above: "10.00", below: "off" },
  header: "2.00",
  tax: "off",
  early: "5000",
  blanket: { amount: "10.00", days: "zero" },
  itemAmount: "off",
  shipNotice: "off",
};

export const NO_REFERENCE: ReferenceFacts = { standardUnits: [], itemUnits: [], contractPrices: [] };

export function exact(text: string): Rational {
  const value = parseRational(text);
  if (value === undefined) throw new Error(`${text} is no decimal`);
  return value;
}

/** "12.50 USD" */
export function money(text: string): Money {
  const [value = "", currency = ""] = text.split(" ");
  return { value: exact(value), currency };
}

/** "10 CS", or the same goods in several units: "5 CS = 120 VL". */
export function goods(text: string): Quantity[] {
  return text.split(" = ").map((part) => {
    const [value = "", unit = ""] = part.split(" ");
    return { value: exact(value), unit };
  });
}

/** "1 CS = 24 VL" */
export function equation(text: string): UnitEquation {
  const [left, right] = goods(text);
  if (!left || !right) throw new Error(`${text} is no equation`);
  return { left, right };
}

/** Noon of a day such as "2026-03-10", in milliseconds. */
export function noon(day: string): number {
  return Date.parse(`${day}T12:00:00Z`);
}

const DAY = "2026-03-10";

type TermsDraft = Partial<Omit<OrderTerms, "quantities" | "price" | "priceBasis" | "plannedFreight">> & {
  quantity?: string;
  price?: string;
  per?: string;
  plannedFreight?: string;
};

/** An order line over 100 EA at 10.00 USD that was received in full, unless said otherwise. */
export function orderLine(
  draft: TermsDraft = {},
  moved: { receipts?: Movement[]; returns?: Movement[]; notices?: Movement[] } = {},
): OrderHistory {
  const { quantity = "100 EA", price = "10.00 USD", per, plannedFreight, ...terms } = draft;
  return {
    terms: {
      id: "4500000001/10",
      company: "1000",
      supplier: "CARDINAL",
      supplierGroup: "",
      itemCategory: "",
      item: "00093415573",
      contract: "",
      quantities: goods(quantity),
      price: price === "" ? undefined : money(price),
      priceBasis: per === undefined ? undefined : goods(per)[0],
      isReceiptExpected: true,
      isReceiptBased: false,
      isSettledByReceipt: false,
      isConsignment: false,
      overDelivery: undefined,
      isComplete: false,
      isCancelled: false,
      blanket: undefined,
      plannedFreight: plannedFreight === undefined ? undefined : money(plannedFreight),
      taxRate: undefined,
      scheduledOn: undefined,
      orderedOn: "2026-03-01",
      ...terms,
    },
    receipts: moved.receipts ?? [movement(quantity)],
    returns: moved.returns ?? [],
    notices: moved.notices ?? [],
    site: "north",
    isContested: false,
  };
}

export function movement(quantity: string, more: Partial<Movement> & { day?: string } = {}): Movement {
  const { day = "2026-03-05", ...rest } = more;
  const quantities = goods(quantity);
  return { id: `${quantity} ${day}`, time: noon(day), quantities, isBlocked: false, rate: undefined, ...rest };
}

/** A line over a quantity and an amount, such as "100 EA" for "1000.00 USD". */
export function line(quantity: string, amount: string, more: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    id: "1",
    order: "4500000001/10",
    quantities: quantity === "" ? [] : goods(quantity),
    amount: amount === "" ? undefined : money(amount),
    tax: undefined,
    charges: undefined,
    freight: undefined,
    rate: undefined,
    ...more,
  };
}

/** An invoice of 10 March with the given lines. */
export function bill(lines: readonly InvoiceLine[], more: Partial<Invoice> & { day?: string } = {}): Invoice {
  const { day = DAY, ...rest } = more;
  return {
    type: "invoice",
    id: "CARDINAL/INV-0087",
    document: `51${day}`,
    kind: "invoice",
    company: "1000",
    supplier: "CARDINAL",
    reference: `INV-${day}`,
    documentDate: day,
    enteredAt: noon(day),
    enteredOn: day,
    isSelfBilled: false,
    site: "north",
    dueOn: undefined,
    discountOn: undefined,
    discount: undefined,
    isContested: false,
    lines,
    gross: undefined,
    tax: undefined,
    charges: undefined,
    freight: undefined,
    ...rest,
  };
}

export function match(history: MatchHistory, context: Partial<MatchContext> = {}): Matches {
  return evaluateMatches(history, { profileOf: () => T1, reference: NO_REFERENCE, ...context });
}

/** The outcome and the codes of each invoice, those of its lines before those of its header. */
export function outcomes(matches: Matches): [outcome: string, ...codes: string[]][] {
  return matches.invoices.map(({ outcome, causes, lines }) => [
    outcome,
    ...[...lines.flatMap((entry) => entry.causes), ...causes].map(({ code }) => code),
  ]);
}
