import { measure } from "@throughline/schemas/event";
import { describe, expect, test } from "vitest";
import type { Fact } from "../fact.ts";
import { invoiced, matchFacts, ordered, received, say } from "./events.fixture.ts";
import { readDocuments } from "./read-documents.ts";
import { bill, line, match, movement, orderLine, outcomes } from "./trade.fixture.ts";

const EA = { value: "100", unit: "EA" };
const USD = { value: "1000.00", currency: "USD" };
const PRICE = { value: "10.00", currency: "USD" };
const NO_UNIT = { value: "100", unit: "" };
const NO_CURRENCY = { value: "1000.00", currency: "" };
const receipt = received(5, "100 EA");
const invoice = invoiced(10, "100 EA for 1000.00 USD");
const stating = (fact: Fact, measures: Fact["measures"]): Fact => ({ ...fact, measures });
const judge = (...facts: Fact[]) => outcomes(matchFacts(facts));

describe("a missing unit or currency", () => {
  test("is refused at the door", () => {
    expect([{ value: "100" }, NO_UNIT, NO_CURRENCY].map((one) => measure.safeParse(one).success)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each<[string, Fact[]]>([
    ["on the invoice", [ordered(), receipt, stating(invoice, { quantity: NO_UNIT, amount: USD })]],
    ["on the order", [stating(ordered(), { quantity: NO_UNIT, price: PRICE }), receipt, invoice]],
    ["on the receipt", [ordered(), stating(receipt, { quantity: NO_UNIT }), invoice]],
    [
      "on all of them",
      [
        stating(ordered(), { quantity: NO_UNIT, price: PRICE }),
        stating(receipt, { quantity: NO_UNIT }),
        stating(invoice, { quantity: NO_UNIT, amount: USD }),
      ],
    ],
  ])("of the unit %s is UOM_UNKNOWN and never assumed", (_, facts) => {
    expect(judge(...facts)).toEqual([["blocked", "UOM_UNKNOWN"]]);
  });

  test.each<[string, Fact[]]>([
    ["on the invoice", [ordered(), receipt, stating(invoice, { quantity: EA, amount: NO_CURRENCY })]],
    ["on the order", [stating(ordered(), { quantity: EA, price: { value: "10.00", currency: "" } }), receipt, invoice]],
    [
      "on both",
      [
        stating(ordered(), { quantity: EA, price: { value: "10.00", currency: "" } }),
        receipt,
        stating(invoice, { quantity: EA, amount: NO_CURRENCY }),
      ],
    ],
  ])("of the currency %s is CURRENCY and never assumed", (_, facts) => {
    expect(judge(...facts)).toEqual([["blocked", "CURRENCY"]]);
  });
});

describe("zero and negative figures", () => {
  const orderOf = (measures: Record<string, string>) => ordered(1, { measures });
  const twoWay = ordered(1, { measures: { quantity: "-5 EA" }, attributes: { receipt_expected: false } });

  test.each<[string, Fact[], string[]]>([
    ["an order of nothing", [orderOf({ quantity: "0 EA" }), invoice], ["held", "NO_RECEIPT"]],
    ["a negative order without receipts", [twoWay, invoice], ["blocked", "QTY_OVER_ORDERED"]],
    ["a price of nothing", [orderOf({ price: "0.00 USD" }), receipt, invoice], ["blocked", "PRICE"]],
    ["a negative price", [orderOf({ price: "-10.00 USD" }), receipt, invoice], ["blocked", "PRICE"]],
    [
      "more at a negative price",
      [orderOf({ price: "-10.00 USD" }), receipt, invoiced(10, "200 EA for -2000.00 USD")],
      ["blocked", "QTY_OVER_RECEIVED"],
    ],
    ["a receipt of nothing", [ordered(), received(5, "0 EA"), invoice], ["blocked", "QTY_OVER_RECEIVED"]],
    ["a negative receipt", [ordered(), receipt, received(6, "-10 EA"), invoice], ["blocked", "QTY_OVER_RECEIVED"]],
    ["an amount for nothing", [ordered(), receipt, invoiced(10, "0 EA for 500.00 USD")], ["blocked", "PRICE"]],
    [
      "a negative invoice of nothing",
      [ordered(), receipt, invoiced(10, "-5 EA for -50.00 USD")],
      ["blocked", "CREDIT_EXCESS"],
    ],
    ["a negative amount", [ordered(), receipt, invoiced(10, "100 EA for -1000.00 USD")], ["warned", "UNDERBILL"]],
  ])("%s never matches by accident", (_, facts, expected) => {
    expect(judge(...facts)).toEqual([expected]);
  });
});

test("an invoice for an unknown order is NO_PO, whatever else came", () => {
  const elsewhere = { objects: { purchase_order_line: "4500000404/10" } };
  expect(judge(ordered(), receipt, invoiced(10, "100 EA for 1000.00 USD", elsewhere))).toEqual([["blocked", "NO_PO"]]);
});

test("a receipt after the final delivery counts and releases what waited for it", () => {
  const final = received(5, "97 EA", { attributes: { final: true } });
  expect(judge(ordered(), final, invoice)).toEqual([["blocked", "FINAL_DELIVERY"]]);
  expect(judge(ordered(), final, invoice, received(20, "3 EA"))).toEqual([["matched"]]);
});

test("one posting with other money is a conflict: it is flagged, and the order of arrival decides nothing", () => {
  const of = (amount: string, digest: string) => invoiced(10, `100 EA for ${amount}`, { id: "posting", digest });
  const both = [of("1000.00 USD", "0a"), of("9000.00 USD", "0b")];
  for (const facts of [both, both.toReversed()]) {
    const known = [ordered(), receipt, ...facts];
    expect(readDocuments(known, new Map()).invoices).toMatchObject([{ isContested: true }]);
    expect(judge(...known)).toEqual([["matched"]]);
  }
});

test.each([
  ["a receipt", { moved: "0 VL = 2 CS", quantity: "5 CS", billed: "5 CS" }],
  ["the order", { moved: "120 VL", quantity: "0 CS = 120 VL", billed: "120 VL" }],
])("a unit factor of 0 of %s leads nowhere", (_, { moved, quantity, billed }) => {
  const orders = [orderLine({ quantity, price: "240.00 USD" }, { receipts: [movement(moved), movement("72 VL")] })];
  expect(outcomes(match({ orders, invoices: [bill([line(billed, "1200.00 USD")])] }))).toEqual([
    ["blocked", "UOM_UNKNOWN"],
  ]);
});

test("a price for 0 pieces is no price", () => {
  const free = ordered(1, { measures: { price_basis: "0 EA" } });
  expect(judge(free, receipt, invoice)).toEqual([["blocked", "UOM_UNKNOWN"]]);
});

test("reversals that take each other back in a circle come to an end", () => {
  const names = ["a", "b", "c"];
  const circle = names.map((id, index) =>
    say(12, "erp.goods_receipt.reversed", {
      id,
      reverses: { source: "/erp/group", id: names[(index + 1) % names.length] ?? "" },
    }),
  );
  expect(judge(ordered(), receipt, invoice, ...circle)).toEqual([["matched"]]);
});
