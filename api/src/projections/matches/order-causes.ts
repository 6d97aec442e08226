import type { OrderTerms } from "./documents.ts";
import type { LedgerEntry, MatchContext, OrderMatch } from "./match.ts";
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
  sum,
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
export function evaluateOrder(
  history: OrderHistory,
  entries: readonly LedgerEntry[],
  context: MatchContext,
): EvaluatedOrder {
  const { terms } = history;
  const { company, supplierGroup, itemCategory } = terms;
  const shape = { order: terms.id, profile: context.profileOf(terms).id, company, supplierGroup, itemCategory };
  const order = terms.blanket ? "UOM_UNKNOWN" : measureOrder(history, context.reference);
  if (typeof order === "string") {
    const tests = terms.blanket ? [] : [toBroken(order, "terms")];
    const causes = toCauses(tests);
    return { match: { ...shape, outcome: toOutcome(causes), causes, open: undefined, uncleared: undefined }, tests };
  }
  const quantities = entries.map(({ quantity }) => quantity).filter((quantity) => quantity !== undefined);
  const invoiced = quantities.length < entries.length ? undefined : sum(quantities);
  const tests = [
    ...listOverDeliveryTests(terms, order),
    ...listContractTests(terms, order, context.reference),
    ...(invoiced ? [toCreditedTest(order, invoiced)] : []),
  ];
  const causes = sortCauses(toCauses(tests));
  const open =
    terms.isComplete || terms.isCancelled ? ZERO : greatestOf(ZERO, subtract(order.ordered, findReceived(order)));
  const uncleared = invoiced && terms.isReceiptExpected ? toUncleared(order, invoiced) : undefined;
  return { match: { ...shape, outcome: toOutcome(causes), causes, open, uncleared }, tests };
}

/** RETURN_NO_CREDIT: goods that were invoiced went back, and no credit came for them. */
function toCreditedTest(order: OrderMeasure, invoiced: Rational): MatchTest {
  const overInvoiced = greatestOf(ZERO, subtract(invoiced, findReceived(order)));
  const uncredited = leastOf(sumOf(order.returns), overInvoiced);
  const describe = () => toValue({ order }, uncredited);
  return { code: "RETURN_NO_CREDIT", of: "order", isBroken: signOf(uncredited) > 0, describe };
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
