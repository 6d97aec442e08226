import type { MatchCause } from "@throughline/schemas/match";
import type { OrderTerms } from "./documents.ts";
import type { LedgerEntry, MatchContext, OrderMatch } from "./match.ts";
import type { OrderHistory } from "./documents.ts";
import { type OrderMeasure, measureOrder } from "./measure-order.ts";
import { sortCauses, toOutcome } from "./cause.ts";
import { findContractCauses } from "./price-causes.ts";
import { toValue } from "./quantity-causes.ts";
import { roundMoney } from "./currency.ts";
import {
  HUNDRED,
  type Rational,
  ZERO,
  add,
  divide,
  greatestOf,
  leastOf,
  multiply,
  signOf,
  subtract,
  sum,
} from "@throughline/schemas/exact/rational";

/** OVERDELIVERY: more was received than ordered and allowed beyond. Where nothing is allowed, nothing is. */
export function findOverDelivery(terms: OrderTerms, order: OrderMeasure): MatchCause[] {
  if (!terms.isReceiptExpected || terms.overDelivery === "unlimited") return [];
  const ordered = terms.quantities[0]?.value ?? order.ordered;
  const allowed = multiply(ordered, add(ONE, divide(terms.overDelivery ?? ZERO, HUNDRED)));
  const excess = subtract(findReceived(order), allowed);
  if (signOf(excess) <= 0) return [];
  return [{ code: "OVERDELIVERY", ...toValue({ order }, subtract(findReceived(order), ordered)) }];
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/** What is to be said of an order line itself, with all that is in the books. */
export function evaluateOrder(
  history: OrderHistory,
  entries: readonly LedgerEntry[],
  context: MatchContext,
): OrderMatch {
  const { terms } = history;
  const shape = { order: terms.id, profile: context.profileOf(terms).id };
  const order = terms.blanket ? "UOM_UNKNOWN" : measureOrder(history, context.reference);
  if (typeof order === "string") {
    const causes: MatchCause[] = terms.blanket ? [] : [{ code: order }];
    return { ...shape, outcome: toOutcome(causes), causes, open: undefined, uncleared: undefined };
  }
  const quantities = entries.map(({ quantity }) => quantity).filter((quantity) => quantity !== undefined);
  const invoiced = quantities.length < entries.length ? undefined : sum(quantities);
  const causes = sortCauses([
    ...findOverDelivery(terms, order),
    ...findContractCauses(terms, order, context.reference),
    ...(invoiced ? findUncredited(order, invoiced) : []),
  ]);
  return {
    ...shape,
    outcome: toOutcome(causes),
    causes,
    open: terms.isComplete || terms.isCancelled ? ZERO : greatestOf(ZERO, subtract(order.ordered, findReceived(order))),
    uncleared: invoiced && terms.isReceiptExpected ? toUncleared(order, invoiced) : undefined,
  };
}

/** RETURN_NO_CREDIT: goods that were invoiced went back, and no credit came for them. */
function findUncredited(order: OrderMeasure, invoiced: Rational): MatchCause[] {
  const overInvoiced = greatestOf(ZERO, subtract(invoiced, findReceived(order)));
  const uncredited = leastOf(sumOf(order.returns), overInvoiced);
  return signOf(uncredited) > 0 ? [{ code: "RETURN_NO_CREDIT", ...toValue({ order }, uncredited) }] : [];
}

function toUncleared(order: OrderMeasure, invoiced: Rational) {
  const quantity = subtract(invoiced, findReceived(order));
  return { quantity, amount: roundMoney(multiply(quantity, order.price), order.currency) };
}

function findReceived(order: OrderMeasure): Rational {
  return subtract(sumOf(order.receipts), sumOf(order.returns));
}

function sumOf(movements: OrderMeasure["receipts"]): Rational {
  return sum(movements.map(({ quantity }) => quantity));
}
