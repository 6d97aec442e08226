import { toMatchOutcome } from "@throughline/schemas/match";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sortCauses, toOutcome } from "./cause.ts";
import { toInvoiceKey } from "./documents.ts";
import { invoiced, ordered, received, say } from "./events.fixture.ts";
import { evaluateMatches } from "./evaluate-matches.ts";
import { explainInvoice, explainOrder } from "./explain-match.ts";
import { toCauses } from "./match-test.ts";
import { readDocuments } from "./read-documents.ts";
import { NO_REFERENCE, T1, bill, equation, line, movement, orderLine } from "./trade.fixture.ts";
import { tradeWorlds } from "./trade-worlds.fixture.ts";

const context = { profileOf: () => T1, reference: NO_REFERENCE };
const unsettled = () => undefined;
const THIRD = { type: "invoice", id: "CARDINAL/INV-0087", document: "3" };

test("an explanation says what the judgement says, whatever the documents", () => {
  fc.assert(
    fc.property(tradeWorlds, (facts) => {
      const documents = readDocuments(facts, new Map());
      const judged = evaluateMatches(documents, context);
      for (const match of judged.invoices) {
        const key = { type: match.type, id: match.invoice, document: match.document };
        const explained = explainInvoice(documents, context, { key, settled: unsettled });
        expect(explained?.match).toEqual(match);
        expect(sortCauses(toCauses(explained?.tests ?? []))).toEqual(match.causes);
        for (const { tests, match: result } of explained?.lines ?? []) {
          expect(sortCauses(toCauses(tests))).toEqual(result.causes);
          expect(toOutcome(toCauses(tests))).toBe(result.outcome);
        }
      }
      for (const match of judged.orders)
        expect(explainOrder(documents, context, { id: match.order, settled: unsettled })?.match).toEqual(match);
    }),
  );
});

test("what is already invoiced is the sum of the documents that count", () => {
  const invoices = [1, 2, 3, 4].map((number) =>
    bill([line("30 EA", number === 2 ? "999.00 USD" : "300.00 USD")], {
      document: String(number),
      day: `2026-03-1${number}`,
      ...(number === 2 && { gross: { value: { numerator: 1n, denominator: 1n }, currency: "USD" } }),
    }),
  );
  const explained = explainInvoice({ orders: [orderLine()], invoices }, context, { key: THIRD, settled: unsettled });
  const [of] = explained?.lines ?? [];
  expect(of?.match.figures).toMatchObject({ invoiced: "30", received: "100", expected: "70", quantity: "30" });
  expect(of?.documents.map(({ kind, document, quantity, leftOut }) => [kind, document, quantity, leftOut])).toEqual([
    ["receipt", "", "100", undefined],
    ["invoice", "1", "30", undefined],
    ["invoice", "2", "30", "not-in-books"],
    ["invoice", "4", "30", "later"],
  ]);
});

test("each test is there with its limit, passed or broken", () => {
  const invoices = [bill([line("100 EA", "1021.00 USD")], { document: "3" })];
  const [of] =
    explainInvoice({ orders: [orderLine()], invoices }, context, { key: THIRD, settled: unsettled })?.lines ?? [];
  const tests = of?.tests.map(({ code, of: subject, isBroken, describe }) => ({
    code,
    subject,
    isBroken,
    ...describe(),
  }));
  expect(tests).toEqual(
    expect.arrayContaining([
      {
        code: "PRICE",
        subject: "price",
        isBroken: true,
        difference: { value: "21.00", currency: "USD" },
        percent: "2.10",
        limit: { amount: "50.00", percent: "2" },
      },
      expect.objectContaining({
        code: "QTY_OVER_RECEIVED",
        isBroken: false,
        limit: { amount: "100.00", percent: "5" },
      }),
      expect.objectContaining({ code: "AMOUNT_CAP", isBroken: false, limit: { amount: "off" } }),
    ]),
  );
  expect(tests?.filter(({ isBroken, code }) => isBroken && toMatchOutcome(code) === "blocked").length).toBe(1);
});

test("says which factor turned a document into order units, and where it was found", () => {
  const order = orderLine(
    { quantity: "5 CS", price: "240.00 USD" },
    { receipts: [movement("48 VL"), movement("72 VL = 3 CS", { day: "2026-03-06" })] },
  );
  const reference = {
    ...NO_REFERENCE,
    itemUnits: [{ item: "00093415573", from: "2026-01-01", equations: [equation("1 CS = 24 VL")] }],
  };
  const invoices = [bill([line("3 RL", "300.00 USD")], { document: "3" })];
  const of = (key: typeof THIRD) =>
    explainInvoice({ orders: [order], invoices }, { ...context, reference }, { key, settled: unsettled })?.lines[0];
  const found = of(THIRD);
  expect(found?.documents.map(({ quantity, factor }) => [quantity, factor?.by, factor?.left, factor?.right])).toEqual([
    ["2", "item", { value: "1", unit: "CS" }, { value: "24", unit: "VL" }],
    ["3", "document", { value: "1", unit: "CS" }, { value: "24", unit: "VL" }],
  ]);
  expect(found?.billed).toMatchObject({
    quantity: undefined,
    leftOut: "unit-unknown",
    stated: [{ value: "3", unit: "RL" }],
  });
  expect(found?.match.causes).toEqual([{ code: "UOM_UNKNOWN" }]);
});

test("documents name the events that state them", () => {
  const facts = [
    ordered(1),
    received(5, "100 EA"),
    received(6, "10 EA", { objects: { goods_receipt: "r-1" }, attributes: { stock: "blocked" } }),
    say(12, "receiving.return.sent", { objects: { return: "b-1" }, measures: { quantity: "4 EA" } }),
    invoiced(10, "100 EA for 1000.00 USD"),
  ];
  const documents = readDocuments(facts, new Map());
  const [invoice] = documents.invoices;
  if (!invoice) throw new Error("no invoice");
  const [of] = explainInvoice(documents, context, { key: invoice, settled: unsettled })?.lines ?? [];
  expect(toInvoiceKey(invoice)).toContain("CARDINAL/INV-0087");
  expect(of?.documents.map(({ kind, leftOut, event }) => [kind, leftOut, event?.position])).toEqual([
    ["receipt", undefined, facts[1]?.position],
    ["receipt", "blocked-stock", facts[2]?.position],
    ["return", "later", facts[3]?.position],
  ]);
  expect(of?.billed.event?.position).toBe(facts[4]?.position);
});
