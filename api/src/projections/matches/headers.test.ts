import { describe, expect, test } from "vitest";
import type { InvoiceLine } from "./documents.ts";
import { T1, bill, exact, line, match, money, orderLine, outcomes } from "./trade.fixture.ts";

describe("lines and headers", () => {
  const second = orderLine({ id: "4500000001/20" });
  test("reject is graver than park, block, hold and warn", () => {
    const parking = orderLine({ id: "4500000001/20", isReceiptBased: true }, { receipts: [] });
    const orders = [orderLine({}, { receipts: [] }), parking];
    const held = line("10 EA", "100.00 USD", { id: "1" });
    const parked = line("10 EA", "100.00 USD", { id: "2", order: "4500000001/20" });
    const blocked = line("10 EA", "200.00 USD", { id: "3", order: undefined });
    const of = (lines: readonly InvoiceLine[], gross?: string) =>
      outcomes(match({ orders, invoices: [bill(lines, gross ? { gross: money(gross) } : {})] }))[0]?.[0];
    expect([of([held]), of([held, blocked]), of([held, blocked, parked])]).toEqual(["held", "blocked", "parked"]);
    expect(of([held, blocked, parked], "900.00 USD")).toBe("rejected");
  });
  test("one bad line blocks the invoice, and each line keeps its own causes", () => {
    const lines = [
      line("100 EA", "1000.00 USD", { id: "1" }),
      line("100 EA", "1100.00 USD", { id: "2", order: "4500000001/20" }),
    ];
    const [found] = match({ orders: [orderLine(), second], invoices: [bill(lines)] }).invoices;
    expect(found?.outcome).toBe("blocked");
    expect(found?.lines.map(({ order, outcome }) => [order, outcome])).toEqual([
      ["4500000001/10", "matched"],
      ["4500000001/20", "blocked"],
    ]);
  });
  test("freight of an invoice over several orders is compared with all that was planned", () => {
    const other = orderLine({ id: "4500000002/10", plannedFreight: "40.00 USD" });
    const orders = [orderLine({ plannedFreight: "60.00 USD" }), other];
    const lines = [
      line("100 EA", "1000.00 USD", { id: "1" }),
      line("50 EA", "500.00 USD", { id: "2", order: "4500000002/10" }),
    ];
    const of = (freight: string) => outcomes(match({ orders, invoices: [bill(lines, { freight: money(freight) })] }));
    expect(of("90.00 USD")).toEqual([["matched"]]);
    expect(of("90.01 USD")).toEqual([["blocked", "FREIGHT"]]);
  });
  test("freight of a line is compared with its own plan", () => {
    const orders = [orderLine({ plannedFreight: "60.00 USD" })];
    const invoices = [bill([line("50 EA", "500.00 USD", { freight: money("40.01 USD") })])];
    expect(outcomes(match({ orders, invoices }))).toEqual([["blocked", "FREIGHT"]]);
  });
  test("tax is no part of any line's test, and warns when it is not what the order's rate makes", () => {
    const invoices = [bill([line("100 EA", "1000.00 USD", { tax: money("900.00 USD") })])];
    expect(outcomes(match({ orders: [orderLine()], invoices }))).toEqual([["matched"]]);
    const orders = [orderLine({ taxRate: exact("8.25") })];
    const profileOf = () => ({ ...T1, tax: "zero" as const });
    expect(outcomes(match({ orders, invoices }, { profileOf }))).toEqual([["warned", "TAX"]]);
    const right = [bill([line("100 EA", "1000.00 USD")], { tax: money("82.50 USD") })];
    expect(outcomes(match({ orders, invoices: right }, { profileOf }))).toEqual([["matched"]]);
  });
  test("amounts round half-up once, after the lines are summed", () => {
    const orders = [orderLine({ quantity: "3 EA", price: "0.335 USD" })];
    const zero = { amount: "zero", percent: "off" } as const;
    const profileOf = () => ({ ...T1, price: { above: zero, below: zero } });
    const of = (lines: readonly InvoiceLine[], from = orders) =>
      outcomes(match({ orders: from, invoices: [bill(lines)] }, { profileOf }));
    // 3 × 0.335 = 1.005, which is 1.01; three roundings would make 1.02.
    expect(of([line("3 EA", "1.01 USD")])).toEqual([["matched"]]);
    expect(of(["1", "2", "3"].map((id) => line("1 EA", "0.335 USD", { id })))).toEqual([["matched"]]);
    expect(of([line("3 EA", "2 JPY")], [orderLine({ quantity: "3 EA", price: "0.5 JPY" })])).toEqual([["matched"]]);
  });
});

describe("duplicates", () => {
  const first = bill([line("10 EA", "100.00 USD")], { documentDate: "2026-03-09", reference: "A-1", document: "1" });
  const codes = (second: Partial<typeof first>) =>
    match({
      orders: [orderLine()],
      invoices: [first, { ...first, document: "2", enteredAt: first.enteredAt + 1, ...second }],
    }).invoices[1]?.causes.map(({ code }) => code);
  test("another date, company, amount or reference is no exact duplicate", () => {
    expect(codes({ documentDate: "2026-03-10" })).toEqual(["DUP_PROBABLE"]);
    expect(codes({ documentDate: undefined })).toEqual(["DUP_PROBABLE"]);
    expect(codes({ company: "2000" })).toEqual(["DUP_PROBABLE"]);
    expect(codes({ gross: money("100.01 USD") })).toEqual([]);
    expect(codes({ reference: "A-2" })).toEqual([]);
  });
  test("credit memos, subsequent debits and subsequent credits double nothing", () => {
    for (const kind of ["credit_memo", "subsequent_debit", "subsequent_credit"] as const)
      expect(codes({ kind })).toEqual([]);
  });
});
