import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { invoiced, matchFacts, ordered, received, say } from "./events.fixture.ts";
import { readDocuments } from "./read-documents.ts";
import { exact, outcomes } from "./trade.fixture.ts";

const invoice = invoiced(10, "100 EA for 1000.00 USD");

describe("order lines", () => {
  test("a later statement replaces what it states and leaves the rest", () => {
    const changed = say(2, "procurement.purchase_order.changed", {
      measures: { price: "11.00 USD" },
      attributes: { over_delivery_percent: 5, scheduled_on: "20.03.2026" },
    });
    const [order] = readDocuments([changed, ordered()], new Map()).orders;
    expect(order?.terms).toMatchObject({
      price: { value: exact("11") },
      quantities: [{ value: exact("100"), unit: "EA" }],
      overDelivery: exact("5"),
      scheduledOn: undefined,
      item: "00093415573",
      orderedOn: "2026-03-01",
    });
  });
  test("at one moment a change counts over the order, whatever their ids are, and of two changes the last by its id", () => {
    const type = "procurement.purchase_order.changed";
    const quantityOf = (order: string, ...changes: [id: string, quantity: string][]) => {
      const facts = [
        ordered(1, { id: order }),
        ...changes.map(([id, quantity]) => say(1, type, { id, measures: { quantity } })),
      ];
      return [facts, facts.toReversed()].map(
        (given) => readDocuments(given, new Map()).orders[0]?.terms.quantities[0]?.value,
      );
    };
    expect(quantityOf("a", ["b", "60 EA"])).toEqual([exact("60"), exact("60")]);
    expect(quantityOf("b", ["a", "60 EA"])).toEqual([exact("60"), exact("60")]);
    expect(quantityOf("b", ["c", "60 EA"], ["a", "70 EA"])).toEqual([exact("60"), exact("60")]);
  });
  test("cancelling the whole order cancels its lines, until they are taken up again", () => {
    const whole = { objects: { purchase_order_line: "", purchase_order: "4500000001" } };
    const cancelled = say(2, "procurement.purchase_order.cancelled", whole);
    const again = say(3, "procurement.purchase_order.reactivated", whole);
    const isCancelled = (...facts: ReturnType<typeof say>[]) =>
      readDocuments([ordered(), ...facts], new Map()).orders[0]?.terms.isCancelled;
    expect([isCancelled(), isCancelled(cancelled), isCancelled(again, cancelled)]).toEqual([false, true, false]);
  });
  test("a line without terms is not known", () => {
    expect(outcomes(matchFacts([received(5, "100 EA"), invoice]))).toEqual([["blocked", "NO_PO"]]);
    const unordered = invoiced(10, "1 EA for 1.00 USD", { objects: { purchase_order_line: "" } });
    expect(outcomes(matchFacts([unordered]))).toEqual([["blocked", "NO_PO"]]);
  });
});

describe("receipts", () => {
  test("blocked stock counts when it is released", () => {
    const blocked = received(5, "100 EA", {
      objects: { goods_receipt: "erp/1/2026/1" },
      attributes: { stock: "blocked" },
    });
    const released = say(12, "erp.goods_receipt.released", { objects: { goods_receipt: "erp/1/2026/1" } });
    expect(outcomes(matchFacts([ordered(), blocked, invoice]))).toEqual([["held", "NO_RECEIPT"]]);
    expect(outcomes(matchFacts([ordered(), blocked, invoice, released]))).toEqual([["matched"]]);
  });
  test("a receipt that is taken back holds the invoice again, by event, milestone or document", () => {
    const receipt = received(5, "100 EA", { id: "gr-1", objects: { goods_receipt: "erp/1/2026/1" } });
    const reversals = [
      { reverses: { source: "/erp/group", id: "gr-1" } },
      { reverses: { object: { type: "purchase_order_line", id: "4500000001/10" }, milestone: "receipt-posted" } },
      { objects: { goods_receipt: "erp/1/2026/1" } },
    ];
    for (const reversal of reversals) {
      const facts = [ordered(), receipt, invoice, say(12, "erp.goods_receipt.reversed", reversal)];
      expect(outcomes(matchFacts(facts))).toEqual([["held", "NO_RECEIPT"]]);
    }
  });
  test("a reversal that shares nothing with the event that it names takes nothing back", () => {
    const receipt = received(5, "100 EA", { id: "gr-1" });
    const objects = { purchase_order_line: "4500000009/10" };
    const reversal = say(12, "erp.goods_receipt.reversed", { objects, reverses: { source: "/erp/group", id: "gr-1" } });
    expect(outcomes(matchFacts([ordered(), receipt, invoice, reversal]))).toEqual([["matched"]]);
  });
  test("reversals that take back each other come to an end", () => {
    const one = say(12, "erp.goods_receipt.reversed", { id: "a", reverses: { source: "/erp/group", id: "b" } });
    const other = say(12, "erp.goods_receipt.reversed", { id: "b", reverses: { source: "/erp/group", id: "a" } });
    expect(outcomes(matchFacts([ordered(), received(5, "100 EA"), invoice, one, other]))).toEqual([["matched"]]);
  });
  test("a receipt after the final one counts", () => {
    const facts = [ordered(), received(5, "97 EA", { attributes: { final: true } }), invoice];
    expect(outcomes(matchFacts(facts))).toEqual([["blocked", "FINAL_DELIVERY"]]);
    expect(outcomes(matchFacts([...facts, received(20, "3 EA")]))).toEqual([["matched"]]);
  });
  test("the ERP's posting of a return replaces what receiving said of it", () => {
    const sent = say(8, "receiving.return.sent", { objects: { return: "RET-1" }, measures: { quantity: "20 EA" } });
    const posted = say(9, "erp.return.posted", { objects: { return: "RET-1" }, measures: { quantity: "10 EA" } });
    const of = (...facts: ReturnType<typeof say>[]) =>
      matchFacts([ordered(), received(5, "100 EA"), invoice, ...facts]).invoices[0]?.lines[0]?.figures?.received;
    expect([of(sent), of(sent, posted)]).toEqual(["80", "90"]);
  });
  test("one receipt line that two systems report counts once; reported with other figures it is contested", () => {
    const objects = { goods_receipt: "erp/1/2026/1" };
    const facts = [ordered(), received(5, "100 EA", { objects }), received(6, "100 EA", { objects })];
    expect(readDocuments(facts, new Map()).orders[0]).toMatchObject({ receipts: { length: 1 }, isContested: false });
    const other = [...facts, received(6, "90 EA", { objects })];
    expect(readDocuments(other, new Map()).orders[0]).toMatchObject({ receipts: { length: 1 }, isContested: true });
    expect(readDocuments(other.toReversed(), new Map())).toEqual(readDocuments(other, new Map()));
  });
});

describe("invoices", () => {
  const line = (number: string) => ({ objects: { invoice_line: `CARDINAL/INV-0087/${number}` } });
  test("lines come by one event each, figures of the whole with any of them or by an event of their own", () => {
    const whole = invoiced(10, " for ", {
      objects: { purchase_order_line: "" },
      measures: { gross: "1000.00 USD", invoice_tax: "0.00 USD" },
      attributes: { company: "1000", document_date: "2026-03-09", due_date: "2026-04-08", kind: "unknown" },
    });
    const facts = [
      invoiced(10, "60 EA for 600.00 USD", line("1")),
      invoiced(10, "40 EA for 400.00 USD", line("2")),
      whole,
    ];
    expect(readDocuments(facts, new Map()).invoices).toMatchObject([
      {
        reference: "INV-0087",
        supplier: "CARDINAL",
        company: "1000",
        dueOn: "2026-04-08",
        kind: "invoice",
        lines: { length: 2 },
      },
    ]);
  });
  test("a posting repeats what was received and adds nothing", () => {
    const posted = say(11, "erp.invoice.posted", {
      objects: { invoice: "CARDINAL/INV-0087" },
      measures: { quantity: "100 EA", amount: "1000.00 USD" },
    });
    const facts = [ordered(), received(5, "100 EA")];
    expect(outcomes(matchFacts([...facts, invoice, posted]))).toEqual([["matched"]]);
    expect(outcomes(matchFacts([...facts, posted]))).toEqual([["matched"]]);
  });
  test("M21: an invoice that is entered again doubles the first, unless that was taken back", () => {
    const entry = (day: number, document: string) =>
      invoiced(day, "40 EA for 400.00 USD", { attributes: { document, document_date: "2026-03-09" } });
    const posted = say(11, "erp.invoice.posted", {
      objects: { invoice: "CARDINAL/INV-0087" },
      attributes: { document: "1" },
      measures: { quantity: "40 EA", amount: "400.00 USD" },
    });
    const reversed = say(12, "erp.invoice.reversed", {
      reverses: { object: { type: "invoice", id: "CARDINAL/INV-0087" }, milestone: "invoice-posted" },
    });
    const facts = [ordered(), received(5, "100 EA"), entry(10, "1"), posted];
    expect(outcomes(matchFacts([...facts, entry(13, "2")]))).toEqual([["matched"], ["blocked", "DUP_EXACT"]]);
    expect(outcomes(matchFacts([...facts, reversed, entry(13, "2")]))).toEqual([["matched"]]);
  });
  test("a credit memo names its order line and may be posted without being received", () => {
    const back = say(12, "receiving.return.sent", { objects: { return: "RET-1" }, measures: { quantity: "10 EA" } });
    const credit = say(14, "erp.credit_memo.posted", {
      objects: { credit_memo: "CARDINAL/CM-1", return: "RET-1" },
      measures: { quantity: "10 EA", amount: "100.00 USD" },
    });
    const matches = matchFacts([ordered(), received(5, "100 EA"), invoice, back, credit]);
    expect([outcomes(matches), matches.orders[0]?.causes]).toEqual([[["matched"], ["matched"]], []]);
  });
  test("a line without an amount is worth its quantity at its own price", () => {
    const priced = invoiced(10, "100 EA for ", { measures: { price: "1021.00 USD", price_basis: "100 EA" } });
    expect(outcomes(matchFacts([ordered(), received(5, "100 EA"), priced]))).toEqual([["blocked", "PRICE"]]);
    const perCase = invoiced(10, "100 EA for ", { measures: { price: "1021.00 USD", price_basis: "1 CS" } });
    expect(outcomes(matchFacts([ordered(), received(5, "100 EA"), perCase]))).toEqual([["blocked", "CURRENCY"]]);
  });
  test("what failed, or was only a test, enters no figure", () => {
    const failed = invoiced(9, "50 EA for 500.00 USD", { objects: { invoice: "CARDINAL/X" }, outcome: "failed" });
    const tried = invoiced(9, "50 EA for 500.00 USD", {
      objects: { invoice: "CARDINAL/Y" },
      attributes: { usage: "test" },
    });
    expect(outcomes(matchFacts([ordered(), received(5, "100 EA"), failed, tried, invoice]))).toEqual([["matched"]]);
  });
  test("two contents of one posting are contested, and the smaller digest counts", () => {
    const one = invoiced(10, "100 EA for 1000.00 USD", { id: "i-1", digest: "0a" });
    const other = invoiced(10, "100 EA for 9000.00 USD", { id: "i-1", digest: "0b" });
    for (const facts of [
      [one, other],
      [other, one],
    ]) {
      const { invoices } = readDocuments([ordered(), received(5, "100 EA"), ...facts], new Map());
      expect(invoices).toMatchObject([{ isContested: true, lines: [{ amount: { value: exact("1000") } }] }]);
    }
  });
});

test("the order of arrival and repetitions change nothing", () => {
  const facts = [
    ordered(1, { measures: { quantity: "100 EA" } }),
    say(2, "procurement.purchase_order.changed", { measures: { price: "9.00 USD" } }),
    received(5, "60 EA", { id: "gr-1" }),
    received(6, "50 EA"),
    say(7, "erp.goods_receipt.reversed", { reverses: { source: "/erp/group", id: "gr-1" } }),
    say(8, "receiving.return.sent", { objects: { return: "RET-1" }, measures: { quantity: "5 EA" } }),
    invoiced(9, "60 EA for 540.00 USD", { attributes: { document: "1" } }),
    invoiced(9, "60 EA for 540.00 USD", { attributes: { document: "2" } }),
    invoiced(11, "7 EA for 70.00 USD", { objects: { invoice: "CARDINAL/INV-2" } }),
    say(12, "erp.invoice.reversed", { objects: { invoice: "CARDINAL/INV-0087" }, attributes: { document: "1" } }),
  ];
  const expected = matchFacts(facts);
  expect(expected.invoices).toHaveLength(2);
  const shuffled = fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length });
  fc.assert(
    fc.property(shuffled, (given) => {
      expect(matchFacts(given)).toEqual(expected);
    }),
  );
});
