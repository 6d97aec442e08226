import type { MatchCause, MatchOutcome } from "@throughline/schemas/match";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import type { Invoice, OrderHistory, OrderTerms } from "./documents.ts";
import type { Money } from "./currency.ts";
import type { Rational } from "@throughline/schemas/exact/rational";
import type { ReferenceFacts } from "./reference.ts";

/** Chooses the profile of an order line, or of an invoice whose order is not known. */
export type ProfileOf = (of: Pick<OrderTerms, "company" | "supplierGroup" | "itemCategory">) => ToleranceProfile;

/** What an invoice, or several added up, puts on an order line. */
export interface BilledEntry {
  /** In order units; undefined when its unit is not known. */
  quantity: Rational | undefined;
  /** Undefined when it is in another currency than the order. */
  amount: Rational | undefined;
}

/** What stands on an order line besides the invoice under test. */
export interface Ledger {
  /** What earlier invoices that are in the books put there in all; undefined where one of them is not known. */
  before: BilledEntry;
  /** Whether an invoice came into the books, be it later. */
  isInBooks: (invoice: Invoice) => boolean;
  /** Quantities that later invoices gave back, in order units, as positive numbers. */
  creditedLater: Rational;
}

/** The figures that a result was derived from, exact, in the order unit and the order's currency. */
export interface MatchFigures {
  unit: string;
  currency: string;
  price: string;
  ordered: string;
  received: string;
  invoiced: string;
  expected: string;
  quantity: string;
  amount: string;
  expectedAmount: string;
}

/** What a result is routed by, from the terms of its order line; company is the invoice's own where it states one. */
export interface MatchClass {
  company: string;
  supplierGroup: string;
  itemCategory: string;
}

/** The result of the lines that one invoice has on one order line. */
export interface LineMatch extends MatchClass {
  invoice: string;
  document: string;
  /** Ids of the invoice lines that were summed. */
  lines: readonly string[];
  /** Empty when no order is known. */
  order: string;
  profile: string;
  outcome: MatchOutcome;
  causes: MatchCause[];
  /** Absent when units or order are not known. */
  figures: MatchFigures | undefined;
  /** What the change of exchange rates is worth, in the currency of the rates; no cause of anything. */
  fx: Money | undefined;
}

export interface InvoiceMatch extends MatchClass {
  type: Invoice["type"];
  invoice: string;
  document: string;
  profile: string;
  /** The gravest of the header's own causes and of all lines. */
  outcome: MatchOutcome;
  /** The header's own causes. */
  causes: MatchCause[];
  /** The small difference that is written off. */
  writtenOff: Money | undefined;
  lines: LineMatch[];
}

/** What is to be said of an order line itself. */
export interface OrderMatch extends MatchClass {
  order: string;
  profile: string;
  outcome: MatchOutcome;
  causes: MatchCause[];
  /** Ordered and not received yet, in order units; not invoiced yet, where no receipt is expected; undefined when not known. */
  open: Rational | undefined;
  /** Invoiced and not received, positive, or received and not invoiced, negative. */
  uncleared: { quantity: Rational; amount: Rational | undefined } | undefined;
  /** What is open, at the order's price, in its currency; what is left of a blanket order. Undefined when not known. */
  commitment: Rational | undefined;
  /** Ordered, and never to come since the delivery is complete, in order units. */
  short: Rational;
}

export interface MatchContext {
  profileOf: ProfileOf;
  reference: ReferenceFacts;
}

export interface MatchHistory {
  orders: readonly OrderHistory[];
  /** Those that stand: what was cancelled is not among them. */
  invoices: readonly Invoice[];
}

export interface Matches {
  invoices: InvoiceMatch[];
  orders: OrderMatch[];
}
