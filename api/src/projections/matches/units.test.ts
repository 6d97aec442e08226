import { describe, expect, test } from "vitest";
import type { ReferenceFacts } from "./reference.ts";
import {
  NO_REFERENCE,
  T1,
  bill,
  equation,
  line,
  match,
  money,
  movement,
  orderLine,
  outcomes,
} from "./trade.fixture.ts";

const one = (quantity: string, amount: string) => [bill([line(quantity, amount)])];

function units(...equations: string[]): { reference: ReferenceFacts } {
  const itemUnits = [{ item: "00093415573", from: "2026-01-01", equations: equations.map(equation) }];
  return { reference: { ...NO_REFERENCE, itemUnits } };
}

const fiveCases = { quantity: "5 CS", price: "240.00 USD" };

describe("units", () => {
  test("a factor is never inferred, though the figures suggest one", () => {
    const matches = match({ orders: [orderLine(fiveCases)], invoices: one("120 VL", "1200.00 USD") });
    expect(outcomes(matches)).toEqual([["blocked", "UOM_UNKNOWN"]]);
  });
  test("without a unit or a quantity nothing is assumed", () => {
    const { terms, ...moved } = orderLine();
    const unstated = { terms: { ...terms, quantities: [] }, ...moved };
    const unknown = [["blocked", "UOM_UNKNOWN"]];
    expect(outcomes(match({ orders: [orderLine()], invoices: one("", "1000.00 USD") }))).toEqual(unknown);
    expect(outcomes(match({ orders: [unstated], invoices: one("100 EA", "1000.00 USD") }))).toEqual(unknown);
  });
  test("each receipt converts by its own document's factor, before that of the item", () => {
    const receipts = [movement("40 VL = 2 CS"), movement("72 VL", { day: "2026-03-06" })];
    const history = { orders: [orderLine(fiveCases, { receipts })], invoices: one("5 CS", "1200.00 USD") };
    expect(outcomes(match(history, units("1 CS = 24 VL")))).toEqual([["matched"]]);
  });
  test("the factor of an item is that of the document's day", () => {
    const itemUnits = [
      { item: "00093415573", from: "2026-01-01", equations: [equation("1 CS = 24 VL")] },
      { item: "00093415573", from: "2026-03-08", equations: [equation("1 CS = 20 VL")] },
    ];
    const orders = [orderLine(fiveCases, { receipts: [movement("120 VL")] })];
    const matches = match(
      { orders, invoices: one("100 VL", "1200.00 USD") },
      { reference: { ...NO_REFERENCE, itemUnits } },
    );
    expect(outcomes(matches)).toEqual([["matched"]]);
  });
  test("factors are fractions, and standard ones hold for any item", () => {
    const orders = [orderLine({ quantity: "3 RL", price: "7.00 USD" }, { receipts: [movement("7 M")] })];
    const history = { orders, invoices: one("7 M", "21.00 USD") };
    expect(outcomes(match(history, units("3 RL = 7 M")))).toEqual([["matched"]]);
    const reference = { ...NO_REFERENCE, standardUnits: [equation("3 RL = 7 M")] };
    expect(outcomes(match(history, { reference }))).toEqual([["matched"]]);
  });
  test.each([["0 CS = 24 VL"], ["1 CS = 0 VL"], ["1 CS = 10 BX", "1 BX = 5 VL", "1 CS = 49 VL"]])(
    "a factor of 0, or units that contradict each other around a cycle, lead nowhere: %s",
    (...equations) => {
      const orders = [orderLine(fiveCases, { receipts: [movement("120 VL")] })];
      const matches = match({ orders, invoices: one("5 CS", "1200.00 USD") }, units(...equations));
      expect(outcomes(matches)).toEqual([["blocked", "UOM_UNKNOWN"]]);
    },
  );
  test("what was invoiced in an unknown unit leaves later invoices unknown", () => {
    const invoices = [bill([line("5 BX", "50.00 USD")]), bill([line("50 EA", "500.00 USD")], { day: "2026-03-12" })];
    expect(outcomes(match({ orders: [orderLine()], invoices }))[1]).toEqual(["blocked", "UOM_UNKNOWN"]);
  });
  test("a factor away from what is expected is a suspected unit in either direction, whatever the amount", () => {
    const orders = [orderLine({ quantity: "120 VL", price: "10.00 USD" })];
    const of = (quantity: string, amount: string) =>
      outcomes(match({ orders, invoices: one(quantity, amount) }, units("1 CS = 24 VL")));
    expect(of("5 VL", "1200.00 USD")).toEqual([["blocked", "UOM_SUSPECT", "PRICE"]]);
    expect(of("5 VL", "50.00 USD")).toEqual([["blocked", "UOM_SUSPECT"]]);
    expect(of("2880 VL", "1200.00 USD")).toEqual([["blocked", "UOM_SUSPECT", "QTY_OVER_RECEIVED", "UNDERBILL"]]);
    expect(of("6 VL", "60.00 USD")).toEqual([["matched"]]);
    const cases = orderLine({ quantity: "13 CS = 312 VL", price: "14.89 USD" });
    expect(outcomes(match({ orders: [cases], invoices: one("168 CS", "104.23 USD") }))).toEqual([
      ["blocked", "QTY_OVER_RECEIVED", "UNDERBILL"],
    ]);
  });
});

describe("currencies", () => {
  test("another currency, or none, is not converted and its amount not tested", () => {
    const blocked = [["blocked", "CURRENCY"]];
    const [orders, unpriced] = [[orderLine()], [orderLine({ price: "" })]];
    expect(outcomes(match({ orders, invoices: one("100 EA", "99999.00 EUR") }))).toEqual(blocked);
    expect(outcomes(match({ orders, invoices: one("100 EA", "") }))).toEqual(blocked);
    expect(outcomes(match({ orders: unpriced, invoices: one("100 EA", "1000.00 USD") }))).toEqual(blocked);
  });
  test("a gross amount in another currency than the lines is no sum", () => {
    const invoices = [bill([line("100 EA", "1000.00 USD")], { gross: money("1000.00 EUR") })];
    expect(outcomes(match({ orders: [orderLine()], invoices }))).toEqual([["blocked", "CURRENCY"]]);
  });
  test("amounts of thirty digits stay exact", () => {
    const price = "123456789012345678901234567890.12 USD";
    const orders = [orderLine({ quantity: "1 EA", price })];
    const zero = { amount: "zero", percent: "off" } as const;
    const profileOf = () => ({ ...T1, price: { above: zero, below: zero } });
    const of = (amount: string) => outcomes(match({ orders, invoices: one("1 EA", amount) }, { profileOf }));
    expect(of(price)).toEqual([["matched"]]);
    expect(of("123456789012345678901234567890.13 USD")).toEqual([["blocked", "PRICE"]]);
  });
});
