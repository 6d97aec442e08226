import { roundMoney } from "./currency.ts";
import type { Invoice, InvoiceLine, OrderHistory } from "./documents.ts";
import type { Ledger } from "./match.ts";
import { type OrderMeasure, type Unmeasured, findStated } from "./measure-order.ts";
import {
  type Rational,
  ZERO,
  add,
  divide,
  isZero,
  leastOf,
  multiply,
  negate,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";
import { convert } from "@throughline/schemas/exact/units";

/** What one invoice bills on one order line: all of its lines there, summed. */
export interface Billed {
  /** In order units; negative for a credit. */
  quantity: Rational;
  /** In price units. */
  priceQuantity: Rational;
  /** Price units to order units as the invoice itself states them. */
  ratio: Rational | undefined;
  /** Net, rounded to the minor unit; undefined when it is in another currency than the order, or none. */
  amount: Rational | undefined;
}

/** The variables of the rules for one invoice on one order line. */
export interface LineMeasure extends Billed {
  order: OrderMeasure;
  /** Received, in free stock, net of returns up to the entry of the invoice. */
  received: Rational;
  /** Already invoiced. */
  invoiced: Rational;
  /** The value of what is already invoiced; undefined when some of it is in another currency. */
  invoicedAmount: Rational | undefined;
  /** What may still be invoiced. */
  expected: Rational;
  /** Quantity times price, rounded to the minor unit. */
  expectedAmount: Rational;
  isReceiptPosted: boolean;
}

/** Sums the lines of an invoice on an order line. A credit memo takes back, whichever sign it is written with. */
export function measureBilled(
  invoice: Pick<Invoice, "kind" | "enteredOn">,
  lines: readonly InvoiceLine[],
  order: OrderMeasure,
): Billed | Unmeasured {
  const amount = sumAmounts(invoice, lines, order.currency);
  const isValueOnly = invoice.kind === "subsequent_debit" || invoice.kind === "subsequent_credit";
  if (isValueOnly) return { quantity: ZERO, priceQuantity: ZERO, ratio: undefined, amount };
  const books = order.booksOf(invoice.enteredOn);
  const parts = lines.map(({ quantities }) => {
    const quantity = convert(quantities, order.unit, books);
    if (quantity === undefined) return undefined;
    const stated = findStated(quantities, order.priceUnit);
    return { quantity, priceQuantity: stated ?? multiply(quantity, order.ratio), isStated: stated !== undefined };
  });
  const measured = parts.filter((part) => part !== undefined);
  if (measured.length < parts.length) return "UOM_UNKNOWN";
  const quantity = toSigned(invoice, sum(measured.map((part) => part.quantity)));
  const priceQuantity = toSigned(invoice, sum(measured.map((part) => part.priceQuantity)));
  const isRatioStated = order.priceUnit !== order.unit && measured.every(({ isStated }) => isStated);
  return {
    quantity,
    priceQuantity,
    ratio: isRatioStated && !isZero(quantity) ? divide(priceQuantity, quantity) : undefined,
    amount,
  };
}

function sumAmounts(
  invoice: Pick<Invoice, "kind">,
  lines: readonly InvoiceLine[],
  currency: string,
): Rational | undefined {
  const amounts = lines.map(({ amount }) => (amount?.currency === currency ? amount.value : undefined));
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length < amounts.length ? undefined : toSigned(invoice, roundMoney(sum(known), currency));
}

/** What a credit takes back is negative here, though most write it without a sign. */
export function toSigned({ kind }: Pick<Invoice, "kind">, value: Rational): Rational {
  const isCredit = kind === "credit_memo" || kind === "subsequent_credit";
  return isCredit && signOf(value) > 0 ? negate(value) : value;
}

/** Finds the variables of the rules; what was invoiced in an unknown unit leaves them unknown. */
export function measureLine(
  billed: Billed,
  subject: { invoice: Invoice; history: OrderHistory; order: OrderMeasure; isNoticeRequired: boolean },
  ledger: Ledger,
): LineMeasure | Unmeasured {
  const { invoice, history, order } = subject;
  const { quantity: invoiced, amount: invoicedAmount } = ledger.before;
  if (invoiced === undefined) return "UOM_UNKNOWN";
  const isCredit = signOf(billed.quantity) < 0;
  // What went back later does not make an invoice wrong that was right; a credit may come before the return.
  const returned = isCredit ? order.returned : order.returnedUntil(invoice.enteredAt);
  const counted = subject.isNoticeRequired ? leastOf(order.arrived, order.noticed) : order.arrived;
  const received = subtract(counted, returned);
  const base = subtract(history.terms.isReceiptExpected ? received : order.ordered, invoiced);
  return {
    ...billed,
    order,
    received,
    invoiced,
    invoicedAmount,
    expected: isCredit ? base : add(base, findCorrected(billed, { base, order, invoice, ledger })),
    expectedAmount: roundMoney(multiply(billed.priceQuantity, order.pricePerPriceUnit), order.currency),
    isReceiptPosted: order.receipts.length > 0,
  };
}

/** How much of what is invoiced too much was credited afterwards, beyond what was credited for later returns. */
function findCorrected(
  billed: Billed,
  { base, order, invoice, ledger }: { base: Rational; order: OrderMeasure; invoice: Invoice; ledger: Ledger },
): Rational {
  const excess = subtract(billed.quantity, base);
  if (signOf(excess) <= 0) return ZERO;
  const returnedLater = subtract(order.returned, order.returnedUntil(invoice.enteredAt));
  const spare = subtract(ledger.creditedLater, returnedLater);
  return signOf(spare) <= 0 ? ZERO : leastOf(spare, excess);
}
