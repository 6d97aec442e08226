import type { INVOICE_KINDS } from "@throughline/schemas/trade-attributes";
import type { Money } from "./currency.ts";
import type { Rational } from "@throughline/schemas/exact/rational";
import type { Quantity } from "@throughline/schemas/exact/units";

/** A calendar date such as "2026-03-20". */
export type Day = string;

/** What an order line says, after all of its changes. What it does not say is undefined and never assumed. */
export interface OrderTerms {
  id: string;
  company: string;
  supplier: string;
  supplierGroup: string;
  itemCategory: string;
  item: string;
  contract: string;
  /** The ordered goods; the first unit is the order unit, others are the same goods. */
  quantities: readonly Quantity[];
  price: Money | undefined;
  /** The quantity that the price is for; one order unit unless stated. */
  priceBasis: Quantity | undefined;
  isReceiptExpected: boolean;
  /** Each invoice needs a receipt before it can be posted. */
  isReceiptBased: boolean;
  /** Settled by the receipts: the supplier sends no invoice. */
  isSettledByReceipt: boolean;
  isConsignment: boolean;
  /** Per cent of the ordered quantity that may come beyond it; undefined: none. */
  overDelivery: Rational | "unlimited" | undefined;
  isComplete: boolean;
  isCancelled: boolean;
  /** A frame up to a value instead of a quantity at a price. */
  blanket: { limit: Money; from: Day | undefined; to: Day | undefined } | undefined;
  plannedFreight: Money | undefined;
  /** Per cent of tax on the net amount. */
  taxRate: Rational | undefined;
  scheduledOn: Day | undefined;
  orderedOn: Day;
}

/** Where an event lies in the store. */
export interface EventPlace {
  log: string;
  position: number;
}

/** A receipt, a return or a ship notice. Times in milliseconds since 1970 UTC. */
export interface Movement {
  id: string;
  time: number;
  /** The same goods in one or more units; the first is the one that was counted. */
  quantities: readonly Quantity[];
  isBlocked: boolean;
  /** What one unit of the order's currency was worth. */
  rate: Money | undefined;
  /** The event that states it. */
  event?: EventPlace | undefined;
}

export interface OrderHistory {
  terms: OrderTerms;
  receipts: readonly Movement[];
  returns: readonly Movement[];
  notices: readonly Movement[];
  site: string;
  /** Some of it was stated twice with different content. */
  isContested: boolean;
}

export interface InvoiceLine {
  id: string;
  /** The order line that it names; undefined when it names none. */
  order: string | undefined;
  quantities: readonly Quantity[];
  /** The net amount. */
  amount: Money | undefined;
  tax: Money | undefined;
  charges: Money | undefined;
  freight: Money | undefined;
  rate: Money | undefined;
  /** The event that states it. */
  event?: EventPlace | undefined;
}

/** An invoice as it was entered once; a supplier's number that is entered twice makes two of them. */
export interface Invoice {
  type: "invoice" | "credit_memo";
  /** The supplier's document: supplier / number. */
  id: string;
  /** The number of this entry in the ERP; empty where there is none. */
  document: string;
  kind: (typeof INVOICE_KINDS)[number];
  company: string;
  supplier: string;
  /** The supplier's number. */
  reference: string;
  documentDate: Day | undefined;
  enteredAt: number;
  enteredOn: Day;
  /** Made by our own ERP in the name of the supplier. */
  isSelfBilled: boolean;
  site: string;
  dueOn: Day | undefined;
  /** Until when the discount may be taken. */
  discountOn: Day | undefined;
  discount: Money | undefined;
  /** Some of it was stated twice with different content. */
  isContested: boolean;
  lines: readonly InvoiceLine[];
  gross: Money | undefined;
  tax: Money | undefined;
  charges: Money | undefined;
  freight: Money | undefined;
}

/** Tells entries apart. */
export function toInvoiceKey(invoice: Pick<Invoice, "type" | "id" | "document">): string {
  return `${invoice.type}\u0000${invoice.id}\u0000${invoice.document}`;
}

/** By the time of entry; equal times by identity, so that the order of arrival decides nothing. */
export function compareInvoices(a: Invoice, b: Invoice): number {
  if (a.enteredAt !== b.enteredAt) return a.enteredAt - b.enteredAt;
  const [left, right] = [toInvoiceKey(a), toInvoiceKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whole days from one date to another; undefined when either is none. */
export function countDays(from: Day, to: Day): number | undefined {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
  return Number.isNaN(days) ? undefined : days;
}
