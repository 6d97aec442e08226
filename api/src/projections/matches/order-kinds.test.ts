import { expect, test } from "vitest";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import type { MatchHistory } from "./match.ts";
import { NO_REFERENCE, T1, bill, exact, line, match, money, movement, orderLine, outcomes } from "./trade.fixture.ts";

const one = (quantity: string, amount: string) => [bill([line(quantity, amount)])];

function under(profile: Partial<ToleranceProfile>, history: MatchHistory) {
  return outcomes(match(history, { profileOf: () => ({ ...T1, ...profile }) }));
}

test("an order line that is not known is NO_PO", () => {
  expect(outcomes(match({ orders: [], invoices: one("100 EA", "1000.00 USD") }))).toEqual([["blocked", "NO_PO"]]);
});

test.each([
  ["settled by its receipts", { isSettledByReceipt: true }, "ERS_INVOICE"],
  ["on consignment", { isConsignment: true }, "CONSIGN_INVOICE"],
])("a line %s expects no invoice but our own", (_, terms, code) => {
  const orders = [orderLine(terms)];
  expect(outcomes(match({ orders, invoices: one("100 EA", "1000.00 USD") }))).toEqual([["blocked", code]]);
  const own = [bill([line("100 EA", "1000.00 USD")], { isSelfBilled: true })];
  expect(outcomes(match({ orders, invoices: own }))).toEqual([["matched"]]);
});

test("a blanket order is bound by its days", () => {
  const blanket = { limit: money("1000.00 USD"), from: "2026-03-01", to: "2026-03-09" };
  const of = (day: string) =>
    match({ orders: [orderLine({ blanket })], invoices: [bill([line("", "10.00 USD")], { day })] });
  expect(outcomes(of("2026-03-09"))).toEqual([["matched"]]);
  expect(of("2026-03-11").invoices[0]?.lines[0]?.causes).toMatchObject([
    { code: "BLANKET_DATE", difference: { value: "2", unit: "days" } },
  ]);
  expect(outcomes(of("2026-02-27"))).toEqual([["blocked", "BLANKET_DATE"]]);
});

test("an amount above the cap blocks", () => {
  const history = { orders: [orderLine()], invoices: one("100 EA", "1000.00 USD") };
  expect(under({ itemAmount: "999.99" }, history)).toEqual([["blocked", "AMOUNT_CAP"]]);
  expect(under({ itemAmount: "1000.00" }, history)).toEqual([["matched"]]);
});

test("the price of the contract in force is compared in the order's unit", () => {
  const price = (value: string, from: string, to?: string) => ({
    id: from,
    supplier: "CARDINAL",
    contract: "C-1",
    item: "00093415573",
    price: money(value),
    basis: { value: exact("10"), unit: "EA" },
    from,
    to,
  });
  const contractPrices = [price("99.00 USD", "2026-01-01", "2026-02-28"), price("90.00 USD", "2026-03-01")];
  const reference = { ...NO_REFERENCE, contractPrices };
  const matches = match({ orders: [orderLine()], invoices: one("100 EA", "1000.00 USD") }, { reference });
  expect(outcomes(matches)).toEqual([["warned", "CONTRACT_PRICE"]]);
  expect(matches.orders[0]?.causes).toMatchObject([{ difference: { value: "100.00" }, percent: "11.11" }]);
  const before = [orderLine({ orderedOn: "2026-02-01", price: "9.90 USD" })];
  expect(outcomes(match({ orders: before, invoices: one("100 EA", "990.00 USD") }, { reference }))).toEqual([
    ["matched"],
  ]);
});

test("four-way, what was received counts up to what the supplier gave notice of", () => {
  const invoices = one("100 EA", "1000.00 USD");
  const of = (notice: string) =>
    under({ shipNotice: "required" }, { orders: [orderLine({}, { notices: [movement(notice)] })], invoices });
  expect(of("100 EA")).toEqual([["matched"]]);
  expect(of("80 EA")).toEqual([["blocked", "QTY_OVER_RECEIVED"]]);
});

test("blocked stock is not received", () => {
  const orders = [orderLine({}, { receipts: [movement("100 EA", { isBlocked: true })] })];
  expect(outcomes(match({ orders, invoices: one("100 EA", "1000.00 USD") }))).toEqual([["held", "NO_RECEIPT"]]);
});

test("a complete delivery leaves nothing open, whatever was ordered", () => {
  const open = (isComplete: boolean) =>
    match({ orders: [orderLine({ isComplete }, { receipts: [movement("97 EA")] })], invoices: [] }).orders[0]?.open;
  expect([open(false), open(true)]).toEqual([exact("3"), exact("0")]);
});

test("a cancelled line expects nothing, but what came may be invoiced", () => {
  const received = orderLine({ isCancelled: true }, { receipts: [movement("40 EA")] });
  expect(outcomes(match({ orders: [received], invoices: one("40 EA", "400.00 USD") }))).toEqual([["matched"]]);
  const twoWay = orderLine({ isCancelled: true, isReceiptExpected: false }, { receipts: [] });
  expect(outcomes(match({ orders: [twoWay], invoices: one("1 EA", "10.00 USD") }))).toEqual([
    ["blocked", "QTY_OVER_ORDERED"],
  ]);
});

test("over-delivery passes only where it is allowed", () => {
  const of = (overDelivery: "unlimited" | undefined) =>
    match({ orders: [orderLine({ overDelivery }, { receipts: [movement("101 EA")] })], invoices: [] }).orders[0]
      ?.outcome;
  expect([of(undefined), of("unlimited")]).toEqual(["warned", "matched"]);
});

test("parked and rejected invoices leave what they bill to others", () => {
  const rejected = bill([line("100 EA", "1000.00 USD")], { gross: money("1.00 USD") });
  const next = bill([line("100 EA", "1000.00 USD")], { day: "2026-03-12" });
  expect(outcomes(match({ orders: [orderLine()], invoices: [rejected, next] }))).toEqual([
    ["rejected", "HEADER_BALANCE"],
    ["matched"],
  ]);
});
