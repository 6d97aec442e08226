import fc from "fast-check";
import { expect, test } from "vitest";
import { isPosted } from "./cause.ts";
import type { Invoice, InvoiceLine, Movement } from "./documents.ts";
import type { MatchHistory } from "./match.ts";
import { type Rational, add, compare, subtract, sum } from "@throughline/schemas/exact/rational";
import { bill, exact, line, match, movement, orderLine } from "./trade.fixture.ts";

const ORDERS = ["4500000001/10", "4500000001/20", "4500000002/10"] as const;
const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, "0")}`);
const count = fc.integer({ min: -20, max: 120 });

const movements: fc.Arbitrary<Movement[]> = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 60 }), day).map(([value, on]) => movement(`${value} EA`, { day: on })),
  { maxLength: 4 },
);

const billedLine: fc.Arbitrary<Omit<InvoiceLine, "id">> = fc
  .tuple(fc.constantFrom(...ORDERS), count, fc.integer({ min: -3, max: 30 }))
  .map(([order, value, off]) => line(`${value} EA`, `${value * 10 + off}.00 USD`, { order }));

const invoices: fc.Arbitrary<Invoice[]> = fc
  .array(fc.tuple(day, fc.array(billedLine, { minLength: 1, maxLength: 3 }), fc.boolean()), { maxLength: 6 })
  .map((drafts) =>
    drafts.map(([on, lines, isCredit], index) =>
      bill(
        lines.map((entry, position) => ({ ...entry, id: String(position) })),
        { day: on, document: String(index), kind: isCredit ? "credit_memo" : "invoice" },
      ),
    ),
  );

const history: fc.Arbitrary<MatchHistory> = fc
  .tuple(fc.array(fc.tuple(movements, movements, fc.boolean()), { minLength: 3, maxLength: 3 }), invoices)
  .map(([moved, billed]) => ({
    orders: moved.map(([receipts, returns, isReceiptBased], index) =>
      orderLine({ id: ORDERS[index] ?? "", isReceiptBased }, { receipts, returns }),
    ),
    invoices: billed,
  }));

test("the order in which things are listed decides nothing", () => {
  fc.assert(
    fc.property(history, (given) => {
      const reversed = {
        orders: given.orders
          .toReversed()
          .map((order) => ({ ...order, receipts: order.receipts.toReversed(), returns: order.returns.toReversed() })),
        invoices: given.invoices.toReversed().map((invoice) => ({ ...invoice, lines: invoice.lines.toReversed() })),
      };
      expect(match(reversed)).toEqual(match(given));
    }),
  );
});

test("what is not cleared is what posted invoices billed, less what was received", () => {
  fc.assert(
    fc.property(history, (given) => {
      const matches = match(given);
      for (const order of matches.orders) {
        const source = given.orders.find(({ terms }) => terms.id === order.order);
        const billed = matches.invoices
          .filter(({ outcome }) => isPosted(outcome))
          .flatMap(({ lines }) => lines.filter((entry) => entry.order === order.order))
          .map(({ figures }) => exact(figures?.quantity ?? ""));
        const received = subtract(totalOf(source?.receipts ?? []), totalOf(source?.returns ?? []));
        expect(compare(add(order.uncleared?.quantity ?? exact("0"), received), sum(billed))).toBe(0);
      }
    }),
  );
});

test("an invoice is as bad as the worst of its parts, and a receipt more makes none worse", () => {
  fc.assert(
    fc.property(history, (given) => {
      const matches = match(given);
      for (const { outcome, causes, lines } of matches.invoices)
        expect(outcome === "matched").toBe(causes.length === 0 && lines.every((entry) => entry.outcome === "matched"));
      const more = given.orders.map((order) => ({ ...order, receipts: [...order.receipts, movement("1000 EA")] }));
      const codes = match({ ...given, orders: more }).invoices.flatMap(({ lines }) =>
        lines.flatMap((entry) => entry.causes),
      );
      expect(codes.filter(({ code }) => code === "NO_RECEIPT" || code === "GRIV_NO_GR")).toEqual([]);
    }),
  );
});

function totalOf(moved: readonly Movement[]): Rational {
  return sum(moved.map(({ quantities }) => quantities[0]?.value ?? exact("0")));
}
