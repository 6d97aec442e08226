import { expect, test } from "vitest";
import { bill, equation, exact, line, match, money, movement, orderLine, outcomes } from "./trade.fixture.ts";
import { NO_REFERENCE } from "./trade.fixture.ts";

const one = (quantity: string, amount: string) => [bill([line(quantity, amount)])];
const casesOf24 = {
  reference: {
    ...NO_REFERENCE,
    itemUnits: [{ item: "00093415573", from: "2026-01-01", equations: [equation("1 CS = 24 VL")] }],
  },
};

test("M1: 100 at 10.00 match", () => {
  expect(outcomes(match({ orders: [orderLine()], invoices: one("100 EA", "1000.00 USD") }))).toEqual([["matched"]]);
});

test("M2: exactly 2 % too much passes", () => {
  expect(outcomes(match({ orders: [orderLine()], invoices: one("100 EA", "1020.00 USD") }))).toEqual([["matched"]]);
});

test("M3: 2.1 % too much is PRICE", () => {
  const matches = match({ orders: [orderLine()], invoices: one("100 EA", "1021.00 USD") });
  expect(matches.invoices[0]?.lines[0]?.causes).toEqual([
    {
      code: "PRICE",
      difference: { value: "21.00", currency: "USD" },
      percent: "2.10",
      limit: { amount: "50.00", percent: "2" },
    },
  ]);
});

test("M4: 60.00 too much is PRICE though it is 0.6 %", () => {
  const orders = [orderLine({ quantity: "1000 EA" })];
  const matches = match({ orders, invoices: one("1000 EA", "10060.00 USD") });
  expect(matches.invoices[0]?.lines[0]?.causes).toMatchObject([
    { code: "PRICE", difference: { value: "60.00" }, percent: "0.60" },
  ]);
});

test("M5: 6 % too little is UNDERBILL and posts", () => {
  const matches = match({ orders: [orderLine()], invoices: one("100 EA", "940.00 USD") });
  expect(outcomes(matches)).toEqual([["warned", "UNDERBILL"]]);
  expect(matches.invoices[0]?.lines[0]?.causes[0]).toMatchObject({ difference: { value: "-60.00" }, percent: "-6.00" });
});

test("M6: 70 of 60 received passes by its amount and breaks by its share", () => {
  const orders = [orderLine({}, { receipts: [movement("60 EA")] })];
  const matches = match({ orders, invoices: one("70 EA", "700.00 USD") });
  expect(outcomes(matches)).toEqual([["blocked", "QTY_OVER_RECEIVED"]]);
  expect(matches.invoices[0]?.lines[0]?.causes[0]).toMatchObject({
    difference: { value: "100.00" },
    quantity: { value: "10", unit: "EA" },
    percent: "16.67",
  });
});

test("M7: 62 of 60 received match, and 2 EA are invoiced and not received", () => {
  const orders = [orderLine({}, { receipts: [movement("60 EA")] })];
  const matches = match({ orders, invoices: one("62 EA", "620.00 USD") });
  expect(outcomes(matches)).toEqual([["matched"]]);
  expect(matches.orders[0]?.uncleared).toEqual({ quantity: exact("2"), amount: exact("20") });
});

test("M8: the rest matches, one more finds nothing left", () => {
  const invoices = [
    bill([line("40 EA", "400.00 USD")], { day: "2026-03-10" }),
    bill([line("60 EA", "600.00 USD")], { day: "2026-03-11" }),
    bill([line("1 EA", "10.00 USD")], { day: "2026-03-12" }),
  ];
  const matches = match({ orders: [orderLine()], invoices });
  expect(outcomes(matches)).toEqual([["matched"], ["matched"], ["blocked", "QTY_OVER_RECEIVED"]]);
  expect(matches.invoices[2]?.lines[0]?.figures).toMatchObject({ expected: "0", invoiced: "100" });
  expect(matches.invoices[2]?.lines[0]?.causes[0]?.percent).toBeUndefined();
});

test("M9: an invoice without a receipt is held, and the receipt releases it", () => {
  const invoices = one("100 EA", "1000.00 USD");
  expect(outcomes(match({ orders: [orderLine({}, { receipts: [] })], invoices }))).toEqual([["held", "NO_RECEIPT"]]);
  const late = orderLine({}, { receipts: [movement("100 EA", { day: "2026-03-20" })] });
  expect(outcomes(match({ orders: [late], invoices }))).toEqual([["matched"]]);
});

test("M10: with receipt-based invoicing it cannot be posted", () => {
  const orders = [orderLine({ isReceiptBased: true }, { receipts: [] })];
  expect(outcomes(match({ orders, invoices: one("100 EA", "1000.00 USD") }))).toEqual([["parked", "GRIV_NO_GR"]]);
});

test("M11: two-way, 4 where 3 are left of the order", () => {
  const orders = [orderLine({ quantity: "12 EA", price: "500.00 USD", isReceiptExpected: false }, { receipts: [] })];
  const invoices = [
    bill([line("9 EA", "4500.00 USD")], { day: "2026-03-10" }),
    bill([line("4 EA", "2000.00 USD")], { day: "2026-03-11" }),
  ];
  const matches = match({ orders, invoices });
  expect(outcomes(matches)).toEqual([["matched"], ["blocked", "QTY_OVER_ORDERED"]]);
  expect(matches.invoices[1]?.lines[0]).toMatchObject({
    figures: { expected: "3" },
    causes: [{ difference: { value: "500.00" } }],
  });
});

test("M12: 5 cases of 24, received and invoiced as 120 vials", () => {
  const orders = [orderLine({ quantity: "5 CS", price: "240.00 USD" }, { receipts: [movement("120 VL")] })];
  expect(outcomes(match({ orders, invoices: one("120 VL", "1200.00 USD") }, casesOf24))).toEqual([["matched"]]);
});

test("M13: 120 cases for the amount of 5 are a suspected unit first", () => {
  const orders = [orderLine({ quantity: "5 CS", price: "240.00 USD" }, { receipts: [movement("120 VL")] })];
  const matches = match({ orders, invoices: one("120 CS", "1200.00 USD") }, casesOf24);
  expect(matches.invoices[0]?.lines[0]?.causes).toMatchObject([
    { code: "UOM_SUSPECT" },
    { code: "QTY_OVER_RECEIVED", difference: { value: "27600.00" } },
    { code: "UNDERBILL", difference: { value: "-27600.00" } },
  ]);
});

test("M14: price units are compared with the receipt that came first, else with the order", () => {
  const terms = { quantity: "100 PC = 250 KG", price: "4.00 USD", per: "1 KG" };
  const invoices = one("100 PC = 260 KG", "1040.00 USD");
  const received = match({ orders: [orderLine(terms, { receipts: [movement("100 PC = 240 KG")] })], invoices });
  expect(outcomes(received)).toEqual([["blocked", "UOM_RATIO"]]);
  expect(received.invoices[0]?.lines[0]?.causes[0]?.percent).toBe("8.33");
  const first = match({ orders: [orderLine(terms, { receipts: [] })], invoices });
  expect(outcomes(first)).toEqual([["held", "NO_RECEIPT"]]);
  const late = orderLine(terms, { receipts: [movement("100 PC = 240 KG", { day: "2026-03-20" })] });
  expect(outcomes(match({ orders: [late], invoices }))).toEqual([["matched"]]);
  const heavier = [bill([line("100 PC = 263 KG", "1052.00 USD")])];
  const beyond = match({ orders: [late], invoices: heavier });
  expect(beyond.invoices[0]?.lines[0]?.causes).toMatchObject([{ code: "UOM_RATIO", percent: "5.20" }]);
});

test("M15: a price for 1,000 pieces", () => {
  const orders = [orderLine({ quantity: "5000 EA", price: "35.00 USD", per: "1000 EA" })];
  expect(outcomes(match({ orders, invoices: one("5000 EA", "175.00 USD") }))).toEqual([["matched"]]);
});

test.each([
  ["110.00 USD", ["matched"]],
  ["111.00 USD", ["blocked", "FREIGHT"]],
])("M16: freight of %s where 100 is planned", (freight, expected) => {
  const orders = [orderLine({ plannedFreight: "100.00 USD" })];
  const invoices = [bill([line("100 EA", "1000.00 USD")], { freight: money(freight) })];
  expect(outcomes(match({ orders, invoices }))).toEqual([expected]);
});

test("M17: a difference of 1.50 is written off, one of 2.50 rejects", () => {
  const withGross = (gross: string) =>
    match({
      orders: [orderLine()],
      invoices: [bill([line("100 EA", "1000.00 USD")], { tax: money("82.50 USD"), gross: money(gross) })],
    });
  expect(outcomes(withGross("1084.00 USD"))).toEqual([["matched"]]);
  expect(withGross("1084.00 USD").invoices[0]?.writtenOff).toEqual(money("1.50 USD"));
  expect(outcomes(withGross("1085.00 USD"))).toEqual([["rejected", "HEADER_BALANCE"]]);
});

test.each([
  ["2026-03-10", ["blocked", "DATE_EARLY"], "10000.00"],
  ["2026-03-16", ["matched"], undefined],
])("M18: scheduled for 20 March, entered on %s", (day, expected, difference) => {
  const orders = [orderLine({ scheduledOn: "2026-03-20" })];
  const matches = match({ orders, invoices: [bill([line("100 EA", "1000.00 USD")], { day })] });
  expect(outcomes(matches)).toEqual([expected]);
  expect(matches.invoices[0]?.lines[0]?.causes[0]?.difference?.value).toBe(difference);
});

test.each([
  ["510.00 USD", ["matched"]],
  ["511.00 USD", ["blocked", "BLANKET_LIMIT"]],
])("M19: %s on a blanket of 1,000 of which 500 are used", (amount, expected) => {
  const blanket = { limit: money("1000.00 USD"), from: undefined, to: undefined };
  const invoices = [
    bill([line("", "500.00 USD")], { day: "2026-03-10" }),
    bill([line("", amount)], { day: "2026-03-11" }),
  ];
  const [, last] = outcomes(match({ orders: [orderLine({ blanket }, { receipts: [] })], invoices }));
  expect(last).toEqual(expected);
});

test("M20: the change of the rate is shown apart", () => {
  const receipts = [movement("100 EA", { rate: money("1.10 USD") })];
  const orders = [orderLine({ price: "10.00 EUR" }, { receipts })];
  const invoices = [bill([line("100 EA", "1000.00 EUR", { rate: money("1.12 USD") })])];
  const matches = match({ orders, invoices });
  expect(outcomes(matches)).toEqual([["matched"]]);
  expect(matches.invoices[0]?.lines[0]?.fx).toEqual(money("20.00 USD"));
});

test("M21: the same invoice again is a duplicate, one written alike probably is", () => {
  const documentDate = "2026-03-09";
  const first = bill([line("40 EA", "400.00 USD")], { reference: "INV-0087", documentDate, document: "1" });
  const again = { ...first, document: "2", enteredAt: first.enteredAt + 1 };
  const alike = { ...again, reference: "inv0087" };
  const codes = (invoices: (typeof first)[]) =>
    match({ orders: [orderLine()], invoices }).invoices.map(({ causes }) => causes.map(({ code }) => code));
  expect(codes([first, again])).toEqual([[], ["DUP_EXACT"]]);
  expect(codes([first, alike])).toEqual([[], ["DUP_PROBABLE"]]);
  expect(codes([again])).toEqual([[]]);
});

test("M22: a return wants a credit, and no more than that", () => {
  const orders = [orderLine({}, { returns: [movement("10 EA", { day: "2026-03-12" })] })];
  const invoice = bill([line("100 EA", "1000.00 USD")]);
  const credit = (quantity: string, amount: string) =>
    bill([line(quantity, amount)], { kind: "credit_memo", day: "2026-03-14" });
  const returned = match({ orders, invoices: [invoice] });
  expect(outcomes(returned)).toEqual([["matched"]]);
  expect(returned.orders[0]?.causes).toMatchObject([{ code: "RETURN_NO_CREDIT", difference: { value: "100.00" } }]);
  const cleared = match({ orders, invoices: [invoice, credit("10 EA", "100.00 USD")] });
  expect([outcomes(cleared), cleared.orders[0]?.causes]).toEqual([[["matched"], ["matched"]], []]);
  const excess = match({ orders, invoices: [invoice, credit("12 EA", "120.00 USD")] });
  expect(outcomes(excess)).toEqual([["matched"], ["blocked", "CREDIT_EXCESS"]]);
  expect(excess.invoices[1]?.lines[0]?.causes[0]?.quantity).toEqual({ value: "2", unit: "EA" });
});

test.each([
  ["105", ["matched"], []],
  ["106", ["warned", "OVERDELIVERY"], ["OVERDELIVERY"]],
])("M23: a receipt of %s where 5 %% more may come", (count, expected, codes) => {
  const orders = [orderLine({ overDelivery: exact("5") }, { receipts: [movement(`${count} EA`)] })];
  const matches = match({ orders, invoices: one(`${count} EA`, `${count}0.00 USD`) });
  expect(outcomes(matches)).toEqual([expected]);
  expect(matches.orders[0]?.causes.map(({ code }) => code)).toEqual(codes);
});

test("M24: no receipt can clear what a final delivery left out", () => {
  const orders = [orderLine({ isComplete: true }, { receipts: [movement("97 EA")] })];
  const matches = match({ orders, invoices: one("100 EA", "1000.00 USD") });
  expect(outcomes(matches)).toEqual([["blocked", "FINAL_DELIVERY"]]);
  expect(matches.invoices[0]?.lines[0]?.causes[0]?.quantity).toEqual({ value: "3", unit: "EA" });
});

test("M25: two lines of 60 on one order line are 120", () => {
  const invoices = [bill([line("60 EA", "600.00 USD", { id: "1" }), line("60 EA", "600.00 USD", { id: "2" })])];
  const allowed = orderLine({ overDelivery: exact("20") }, { receipts: [movement("120 EA")] });
  expect(outcomes(match({ orders: [allowed], invoices }))).toEqual([["matched"]]);
  const matches = match({ orders: [orderLine()], invoices });
  expect(outcomes(matches)).toEqual([["blocked", "QTY_OVER_RECEIVED"]]);
  expect(matches.invoices[0]?.lines[0]?.lines).toEqual(["1", "2"]);
});
