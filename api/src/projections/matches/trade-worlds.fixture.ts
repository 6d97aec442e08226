import fc from "fast-check";
import type { Fact } from "../fact.ts";
import { say } from "./events.fixture.ts";

const LINES = ["1/10", "1/20", "2/10"] as const;
const INVOICES = ["ACME/1", "ACME/2", "BRAVO/1"] as const;
const ITEM = "item-1";

const statement = fc.record({
  id: fc.integer({ min: 1, max: 16 }),
  revision: fc.constantFrom(0, 0, 0, 0, 1),
  digest: fc.constantFrom("aa", "aa", "aa", "bb"),
  what: fc.constantFrom(
    ...([
      "ordered",
      "ordered",
      "receipt",
      "receipt",
      "invoice",
      "invoice",
      "invoice",
      "posted",
      "credit",
      "return",
    ] as const),
    ...(["reversal", "invoice-reversal", "changed", "cancelled", "units", "price", "header", "blocked"] as const),
  ),
  day: fc.integer({ min: 1, max: 28 }),
  line: fc.constantFrom(...LINES),
  invoice: fc.constantFrom(...INVOICES),
  number: fc.constantFrom("1", "2"),
  quantity: fc.constantFrom("0", "2", "5", "10", "24", "48", "100"),
  unit: fc.constantFrom("EA", "EA", "EA", "CS"),
  amount: fc.constantFrom("0.00", "20.00", "50.00", "100.00", "240.00", "1000.00"),
  currency: fc.constantFrom("USD", "USD", "USD", "EUR"),
  target: fc.integer({ min: 1, max: 16 }),
});

type Statement = typeof statement extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Small worlds of trade: three order lines, three invoices that may be entered twice, receipts, returns, credits, changed
 * units and prices; with repetitions, revisions, conflicts and reversals.
 */
export const tradeWorlds = fc.array(statement, { minLength: 1, maxLength: 30 }).map((statements) => {
  const byKey = new Map(statements.map((each) => [`${each.id}/${each.revision}/${each.digest}`, each]));
  return statements.map((each) => toFact(byKey.get(`${each.id}/${each.revision}/${each.digest}`) ?? each));
});

function toFact(each: Statement): Fact {
  const { type, ...draft } = DRAFTS[each.what](each);
  const { revision, digest } = each;
  return say(each.day, type, { id: `e${each.id}`, revision, digest: digest.repeat(8), ...draft });
}

type Draft = { type: string } & NonNullable<Parameters<typeof say>[2]>;

const quantity = (each: Statement) => `${each.quantity} ${each.unit}`;
const amount = (each: Statement) => `${each.amount} ${each.currency}`;
const ofLine = ({ line }: Statement) => ({ purchase_order_line: line, purchase_order: line.slice(0, 1) });
const reversed = ({ target }: Statement) => ({ source: "/erp/group", id: `e${target}` });

const invoiced = (type: string) => (each: Statement) => ({
  type,
  objects: { ...ofLine(each), invoice: each.invoice },
  measures: { quantity: quantity(each), amount: amount(each) },
  attributes: { document: each.number, document_date: "2026-03-01" },
});

const DRAFTS: Record<Statement["what"], (each: Statement) => Draft> = {
  ordered: (each) => ({
    type: "procurement.purchase_order.created",
    objects: { ...ofLine(each), item: ITEM, supplier: each.invoice.split("/")[0] ?? "" },
    measures: { quantity: quantity(each), price: "10.00 USD" },
    attributes: { receipt_expected: each.number === "1", receipt_based_invoicing: each.day % 3 === 0 },
  }),
  changed: (each) => ({
    type: "procurement.purchase_order.changed",
    objects: ofLine(each),
    measures: { price: "11.00 USD" },
    attributes: { delivery_complete: each.number === "1" },
  }),
  cancelled: (each) => ({
    type: "procurement.purchase_order.cancelled",
    objects: { purchase_order_line: each.number === "1" ? each.line : "", purchase_order: each.line.slice(0, 1) },
  }),
  receipt: (each) => ({
    type: "erp.goods_receipt.posted",
    objects: ofLine(each),
    measures: { quantity: quantity(each) },
  }),
  blocked: (each) => ({
    type: "erp.goods_receipt.posted",
    objects: { ...ofLine(each), goods_receipt: `r${each.number}` },
    measures: { quantity: quantity(each) },
    attributes: { stock: "blocked" },
  }),
  reversal: (each) => ({ type: "erp.goods_receipt.reversed", objects: ofLine(each), reverses: reversed(each) }),
  return: (each) => ({
    type: "receiving.return.sent",
    objects: { ...ofLine(each), return: `b${each.number}` },
    measures: { quantity: quantity(each) },
  }),
  invoice: invoiced("erp.invoice.received"),
  posted: invoiced("erp.invoice.posted"),
  header: (each) => ({
    type: "erp.invoice.received",
    objects: { purchase_order_line: "", invoice: each.invoice },
    measures: { gross: amount(each) },
    attributes: { document: each.number, document_date: "2026-03-01" },
  }),
  "invoice-reversal": (each) => ({
    type: "erp.invoice.reversed",
    objects: { purchase_order_line: each.day % 2 === 0 ? each.line : "", invoice: each.invoice },
    attributes: { document: each.number },
  }),
  credit: (each) => ({
    type: "erp.credit_memo.posted",
    objects: { ...ofLine(each), credit_memo: each.invoice },
    measures: { quantity: quantity(each), amount: amount(each) },
  }),
  units: (each) => ({
    type: "erp.item.changed",
    objects: { purchase_order_line: "", item: ITEM },
    attributes: { units: [`1 CS = ${each.number === "1" ? "24" : "10"} EA`] },
  }),
  price: (each) => ({
    type: each.day % 4 === 0 ? "procurement.contract_price.withdrawn" : "procurement.contract_price.signed",
    objects: {
      purchase_order_line: "",
      item: each.day % 4 === 0 ? "" : ITEM,
      supplier: "ACME",
      contract_price: `p${each.number}`,
    },
    measures: { price: each.number === "1" ? "10.00 USD" : "9.00 USD", price_basis: "1 EA" },
    attributes: { effective_from: "2026-03-01" },
  }),
};
