import type { OrderTerms } from "./documents.ts";
import type { BilledEntry, MatchContext, OrderMatch } from "./match.ts";
import { type MatchTest, toBroken, toCauses } from "./match-test.ts";
import type { OrderHistory } from "./documents.ts";
import { type OrderMeasure, measureOrder } from "./measure-order.ts";
import { sortCauses, toOutcome } from "./cause.ts";
import { listContractTests } from "./price-causes.ts";
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
} from "@throughline/schemas/exact/rational";

/** OVERDELIVERY: more was received than ordered and allowed beyond. Where nothing is allowed, nothing is. */
export function listOverDeliveryTests(terms: OrderTerms, order: OrderMeasure): MatchTest[] {
  if (!terms.isReceiptExpected || terms.overDelivery === "unlimited") return [];
  const ordered = terms.quantities[0]?.value ?? order.ordered;
  const allowed = multiply(ordered, add(ONE, divide(terms.overDelivery ?? ZERO, HUNDRED)));
  const excess = subtract(findReceived(order), allowed);
  const describe = () => toValue({ order }, subtract(findReceived(order), ordered));
  return [{ code: "OVERDELIVERY", of: "order", isBroken: signOf(excess) > 0, describe }];
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/** The result of an order line, and how it came about. */
export interface EvaluatedOrder {
  match: OrderMatch;
  tests: readonly MatchTest[];
}

/** What is to be said of an order line itself, with all that is in the books. */
export function evaluateOrder(history: OrderHistory, billed: BilledEntry, context: MatchContext): EvaluatedOrder {
  const { terms } = history;
  const { company, supplierGroup, itemCategory } = terms;
  const shape = { order: terms.id, profile: context.profileOf(terms).id, company, supplierGroup, itemCategory };
  const order = terms.blanket ? "UOM_UNKNOWN" : measureOrder(history, context.reference);
  if (typeof order === "string") {
    const tests = terms.blanket ? [] : [toBroken(order, "terms")];
    const causes = toCauses(tests);
    const unknown = { open: undefined, uncleared: undefined, short: ZERO };
    const commitment = terms.blanket && findFrame(terms, { ...terms.blanket, billed: billed.amount });
    return { match: { ...shape, outcome: toOutcome(causes), causes, ...unknown, commitment }, tests };
  }
  const { quantity: invoiced } = billed;
  const tests = [
    ...listOverDeliveryTests(terms, order),
    ...listContractTests(terms, order, context.reference),
    ...(invoiced ? [toCreditedTest(order, invoiced)] : []),
  ];
  const causes = sortCauses(toCauses(tests));
  const match = { ...shape, outcome: toOutcome(causes), causes, ...findStanding(order, terms, invoiced) };
  return { match, tests };
}

/** What is still to come, what is not cleared, and what is bound by the order, with what is invoiced where that is known. */
function findStanding(
  order: OrderMeasure,
  terms: OrderTerms,
  invoiced: Rational | undefined,
): Pick<OrderMatch, "open" | "uncleared" | "commitment" | "short"> {
  const { isReceiptExpected, isConsignment } = terms;
  const done = isReceiptExpected ? findReceived(order) : invoiced;
  const missing = done && greatestOf(ZERO, subtract(order.ordered, done));
  const open = isOver(terms) ? ZERO : missing;
  const isCleared = !isReceiptExpected || isConsignment || invoiced === undefined;
  return {
    open,
    uncleared: isCleared ? undefined : toUncleared(order, invoiced),
    // Consigned goods bind nothing before they are used.
    commitment: isConsignment ? ZERO : open && roundMoney(multiply(open, order.price), order.currency),
    short: isReceiptExpected && terms.isComplete && !terms.isCancelled && missing ? missing : ZERO,
  };
}

function isOver({ isComplete, isCancelled }: OrderTerms): boolean {
  return isComplete || isCancelled;
}

/** What is left of a blanket order's value; undefined when something is billed on it in another currency. */
function findFrame(
  terms: OrderTerms,
  { limit, billed }: NonNullable<OrderTerms["blanket"]> & { billed: Rational | undefined },
): Rational | undefined {
  if (isOver(terms)) return ZERO;
  return billed && roundMoney(greatestOf(ZERO, subtract(limit.value, billed)), limit.currency);
}

/** RETURN_NO_CREDIT: goods that were invoiced went back, and no credit came for them. */
function toCreditedTest(order: OrderMeasure, invoiced: Rational): MatchTest {
  const overInvoiced = greatestOf(ZERO, subtract(invoiced, findReceived(order)));
  const uncredited = leastOf(order.returned, overInvoiced);
  const describe = () => toValue({ order }, uncredited);
  return { code: "RETURN_NO_CREDIT", of: "order", isBroken: signOf(uncredited) > 0, describe };
}

function toUncleared(order: OrderMeasure, invoiced: Rational) {
  const quantity = subtract(invoiced, findReceived(order));
  return { quantity, amount: roundMoney(multiply(quantity, order.price), order.currency) };
}

function findReceived(order: OrderMeasure): Rational {
  return subtract(order.arrived, order.returned);
}
