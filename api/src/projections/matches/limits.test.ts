import { describe, expect, test } from "vitest";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import type { MatchHistory } from "./match.ts";
import { T1, bill, line, match, money, movement, orderLine, outcomes } from "./trade.fixture.ts";

const off = { amount: "off", percent: "off" } as const;
const one = (quantity: string, amount: string) => [bill([line(quantity, amount)])];

function under(profile: Partial<ToleranceProfile>, history: MatchHistory) {
  return outcomes(match(history, { profileOf: () => ({ ...T1, ...profile }) }));
}

describe("limits", () => {
  const above = { orders: [orderLine()], invoices: one("100 EA", "1020.01 USD") };
  test("off tests nothing, zero lets nothing pass, the boundary passes", () => {
    expect(under({ price: { above: off, below: off } }, above)).toEqual([["matched"]]);
    const zero = { above: { amount: "zero", percent: "off" }, below: off } as const;
    expect(under({ price: zero }, above)).toEqual([["blocked", "PRICE"]]);
    expect(under({ price: zero }, { ...above, invoices: one("100 EA", "1000.00 USD") })).toEqual([["matched"]]);
    const boundary = { above: { amount: "20.01", percent: "off" }, below: off } as const;
    expect(under({ price: boundary }, above)).toEqual([["matched"]]);
  });
  test("either of amount and percentage breaks the test", () => {
    const amount = { above: { amount: "20.00", percent: "off" }, below: off } as const;
    const percent = { above: { amount: "off", percent: "2" }, below: off } as const;
    expect(under({ price: amount }, above)).toEqual([["blocked", "PRICE"]]);
    expect(under({ price: percent }, above)).toEqual([["blocked", "PRICE"]]);
  });
  test("an upper limit blocks, a lower one warns", () => {
    const lower = { above: T1.quantity.above, below: { amount: "off", percent: "10" } } as const;
    const history = { orders: [orderLine()], invoices: one("80 EA", "800.00 USD") };
    expect(under({ quantity: lower }, history)).toEqual([["warned", "UNDERBILL"]]);
  });
  test("with a base of 0 nothing passes and anything else exceeds", () => {
    const orders = [orderLine({}, { returns: [movement("100 EA")] })];
    const free = [orderLine({ price: "0.00 USD" })];
    expect(under({}, { orders, invoices: one("1 EA", "10.00 USD") })).toEqual([["blocked", "QTY_OVER_RECEIVED"]]);
    expect(under({}, { orders: free, invoices: one("100 EA", "0.00 USD") })).toEqual([["matched"]]);
    expect(under({}, { orders: free, invoices: one("100 EA", "0.01 USD") })).toEqual([["blocked", "PRICE"]]);
  });
  test("a percentage is of what its base amounts to, though that is negative", () => {
    const orders = [orderLine({}, { returns: [movement("10 EA", { day: "2026-03-06" })] })];
    const credit = bill([line("-10 EA", "-95.00 USD")], { day: "2026-03-12" });
    const invoices = [...one("100 EA", "1000.00 USD"), credit];
    expect(match({ orders, invoices }).invoices[1]?.lines[0]?.causes).toMatchObject([
      { code: "PRICE", difference: { value: "5.00" }, percent: "5.00" },
    ]);
  });
});

describe("credits and amounts without quantity", () => {
  const invoice = bill([line("100 EA", "1000.00 USD")]);
  const later = (quantity: string, amount: string, more = {}) =>
    bill([line(quantity, amount)], { day: "2026-03-20", ...more });
  test("a credit has only PRICE and CREDIT_EXCESS", () => {
    const orders = [orderLine({ scheduledOn: "2026-12-31", isComplete: true }, { receipts: [movement("90 EA")] })];
    const invoices = [invoice, later("-12 EA", "-100.00 USD")];
    expect(under({ early: "zero" }, { orders, invoices })[1]).toEqual(["blocked", "PRICE", "CREDIT_EXCESS"]);
  });
  test("a credit memo takes back whether it is written with a sign or without", () => {
    const orders = [orderLine({}, { returns: [movement("10 EA", { day: "2026-03-12" })] })];
    for (const [quantity, amount] of [
      ["10 EA", "100.00 USD"],
      ["-10 EA", "-100.00 USD"],
    ] as const) {
      const invoices = [invoice, later(quantity, amount, { kind: "credit_memo" })];
      expect(outcomes(match({ orders, invoices }))[1]).toEqual(["matched"]);
    }
  });
  test("a credit that comes before its return is too much until the goods went back", () => {
    const credit = bill([line("10 EA", "100.00 USD")], { kind: "credit_memo", day: "2026-03-11" });
    expect(outcomes(match({ orders: [orderLine()], invoices: [invoice, credit] }))[1]?.[1]).toBe("CREDIT_EXCESS");
    const orders = [orderLine({}, { returns: [movement("10 EA", { day: "2026-03-12" })] })];
    expect(outcomes(match({ orders, invoices: [invoice, credit] }))[1]).toEqual(["matched"]);
  });
  test("a credit for what was invoiced too much releases the invoice", () => {
    const over = bill([line("120 EA", "1200.00 USD")]);
    const credit = later("20 EA", "200.00 USD", { kind: "credit_memo" });
    expect(outcomes(match({ orders: [orderLine()], invoices: [over] }))).toEqual([["blocked", "QTY_OVER_RECEIVED"]]);
    expect(outcomes(match({ orders: [orderLine()], invoices: [over, credit] }))).toEqual([["matched"], ["matched"]]);
  });
  test("an amount without quantity counts with all that was invoiced before", () => {
    const first = bill([line("100 EA", "980.00 USD")]);
    const of = (amount: string) => match({ orders: [orderLine()], invoices: [first, later("0 EA", amount)] });
    expect(outcomes(of("20.00 USD"))[1]).toEqual(["matched"]);
    expect(of("40.01 USD").invoices[1]?.lines[0]?.causes).toMatchObject([
      { code: "PRICE", difference: { value: "20.01" }, percent: "2.00" },
    ]);
    const debit = later("100 EA", "40.01 USD", { kind: "subsequent_debit" });
    expect(outcomes(match({ orders: [orderLine()], invoices: [first, debit] }))[1]).toEqual(["blocked", "PRICE"]);
  });
  test("an invoice over tax alone is tested as a whole only", () => {
    const tax = { tax: money("82.50 USD"), gross: money("90.00 USD") };
    const orders = [orderLine({}, { receipts: [] })];
    expect(outcomes(match({ orders, invoices: [later("0 EA", "0.00 USD", tax)] }))).toEqual([
      ["rejected", "HEADER_BALANCE"],
    ]);
  });
});
