import { orderAttributes, receiptAttributes } from "@throughline/schemas/trade-attributes";
import { parseRational } from "@throughline/schemas/exact/rational";
import type { Fact } from "../fact.ts";
import type { Movement, OrderHistory, OrderTerms } from "./documents.ts";
import { type OrderWord, compareWords } from "../legs/change-order.ts";
import { compareByTime } from "../legs/resolve-facts.ts";
import { toDay } from "./measure-order.ts";
import {
  type StandingFacts,
  dropRepeated,
  findMoney,
  findObject,
  findQuantity,
  isContested,
  listQuantities,
} from "./read-facts.ts";
import { isOrderChange, roleOf } from "./trade-types.ts";

/** Reads an order line from the facts that stand and name it, or its order; undefined when none states its terms. */
export function readOrder(id: string, { facts, conflicts }: StandingFacts): OrderHistory | undefined {
  const order = facts
    .map((fact) => (namesLine(fact, id) ? findObject(fact, "purchase_order") : undefined))
    .find(Boolean);
  const own = facts.filter((fact) => namesLine(fact, id) || isOfWholeOrder(fact, order));
  const stated = own.filter((fact) => roleOf(fact) === "terms").toSorted(compareStatements);
  const terms = stated.filter((fact) => namesLine(fact, id));
  const [first] = terms;
  if (first === undefined) return undefined;
  const released = new Set(own.filter((fact) => roleOf(fact) === "release").map(toReceiptKey));
  const receipts = dropRepeated(
    own.filter((fact) => roleOf(fact) === "receipt"),
    toReceiptKey,
  );
  const returns = own.filter((fact) => roleOf(fact) === "return" || roleOf(fact) === "posted-return");
  return {
    terms: { ...readTerms(id, terms), isCancelled: isCancelled(own), isComplete: isComplete(own, stated) },
    receipts: receipts.map((fact) => ({
      ...toMovement(fact),
      isBlocked: isBlocked(fact) && !released.has(toReceiptKey(fact)),
    })),
    returns: dropRepeated(preferPosted(returns), toReturnKey).map(toMovement),
    notices: own.filter((fact) => roleOf(fact) === "notice").map(toMovement),
    site: first.site,
    isContested: isContested(own, { conflicts, keyOf: toReceiptKey }),
  };
}

function namesLine(fact: Fact, id: string): boolean {
  return fact.objects.some((object) => object.type === "purchase_order_line" && object.id === id);
}

function isOfWholeOrder(fact: Fact, order: string | undefined): boolean {
  return (
    order !== undefined &&
    findObject(fact, "purchase_order_line") === undefined &&
    findObject(fact, "purchase_order") === order
  );
}

/** As legs take them: at one moment a change counts over the order. */
function compareStatements(a: Fact, b: Fact): number {
  return compareWords(toWord(a), toWord(b)) || compareByTime(a, b);
}

function toWord(fact: Fact): OrderWord {
  return { time: fact.time, isChange: isOrderChange(fact) };
}

/** Terms as they stand after all statements, by event time: a later one replaces what it states and leaves the rest. */
function readTerms(id: string, statements: readonly Fact[]): Omit<OrderTerms, "isCancelled" | "isComplete"> {
  const stated = statements.map((fact) => ({ fact, ...orderAttributes.parse(fact.attributes) }));
  type Stated = (typeof stated)[number];
  const last = <Value>(pick: (entry: Stated) => Value | undefined) =>
    stated.map(pick).findLast((value) => value !== undefined);
  const lastObject = (type: string) => last(({ fact }) => findObject(fact, type)) ?? "";
  const quantities = last(({ fact }) => (findQuantity(fact, "quantity") ? listQuantities(fact) : undefined)) ?? [];
  const limit = last(({ fact }) => findMoney(fact, "blanket_limit"));
  const overDelivery = last(({ over_delivery_percent: percent }) => percent);
  const taxRate = last(({ tax_percent: percent }) => percent);
  return {
    id,
    company: last(({ company }) => company) ?? "",
    supplier: lastObject("supplier"),
    supplierGroup: last(({ supplier_group: group }) => group) ?? "",
    itemCategory: last(({ item_category: category }) => category) ?? "",
    item: lastObject("item"),
    contract: lastObject("contract"),
    quantities,
    price: last(({ fact }) => findMoney(fact, "price")),
    priceBasis:
      last(({ fact }) => (findMoney(fact, "price") ? (findQuantity(fact, "price_basis") ?? null) : undefined)) ??
      undefined,
    isReceiptExpected: last(({ receipt_expected: value }) => value) ?? true,
    isReceiptBased: last(({ receipt_based_invoicing: value }) => value) ?? false,
    isSettledByReceipt: last(({ evaluated_receipt_settlement: value }) => value) ?? false,
    isConsignment: last(({ consignment }) => consignment) ?? false,
    overDelivery:
      last(({ over_delivery_unlimited: value }) => value) === true
        ? "unlimited"
        : overDelivery === undefined
          ? undefined
          : parseRational(overDelivery),
    blanket: limit && { limit, from: last(({ blanket_from: from }) => from), to: last(({ blanket_to: to }) => to) },
    plannedFreight: last(({ fact }) => findMoney(fact, "planned_freight")),
    taxRate: taxRate === undefined ? undefined : parseRational(taxRate),
    scheduledOn: last(({ scheduled_on: day }) => day) ?? last(({ requested_on: day }) => day),
    orderedOn: last(({ ordered_on: day }) => day) ?? toDay(statements[0]?.time ?? 0),
  };
}

function isCancelled(facts: readonly Fact[]): boolean {
  const last = facts.findLast((fact) => roleOf(fact) === "cancellation" || roleOf(fact) === "reactivation");
  return last !== undefined && roleOf(last) === "cancellation";
}

/** Said by the order's last word on it, or by any receipt. */
function isComplete(facts: readonly Fact[], terms: readonly Fact[]): boolean {
  const receipts = facts.filter((fact) => roleOf(fact) === "receipt" || roleOf(fact) === "count");
  if (receipts.some(({ attributes }) => receiptAttributes.parse(attributes).final === true)) return true;
  const said = terms.map(({ attributes }) => orderAttributes.parse(attributes).delivery_complete);
  return said.findLast((value) => value !== undefined) === true;
}

function isBlocked({ attributes }: Fact): boolean {
  return receiptAttributes.parse(attributes).stock === "blocked";
}

/** The line of a receipt: ERP, document, year and line, of one order line. */
function toReceiptKey(fact: Fact): string | undefined {
  const receipt = findObject(fact, "goods_receipt");
  return receipt && `${receipt}\u0000${findObject(fact, "purchase_order_line") ?? ""}`;
}

function toReturnKey(fact: Fact): string | undefined {
  return findObject(fact, "return");
}

/** Where the ERP posted a return, what was said when the goods were sent steps back. */
function preferPosted(facts: readonly Fact[]): Fact[] {
  const posted = new Set(facts.filter((fact) => roleOf(fact) === "posted-return").map(toReturnKey));
  return facts.filter((fact) => roleOf(fact) === "posted-return" || !posted.has(toReturnKey(fact)));
}

function toMovement(fact: Fact): Movement {
  return {
    id: toReceiptKey(fact) ?? toReturnKey(fact) ?? fact.id,
    time: fact.time,
    quantities: listQuantities(fact),
    isBlocked: false,
    rate: findMoney(fact, "exchange_rate"),
    event: { log: fact.log, position: fact.position },
  };
}
