import type { Reconciliation, Reconciliations } from "@throughline/schemas/pack/reconciliation";
import type { Fact } from "../fact.ts";

const side = { reversals: [], date: "event", isLevel: false };

export const RECEIPTS: Reconciliation = {
  id: "receipts",
  title: "Receipts to postings",
  domain: "erp",
  owner: "Receiving",
  a: {
    ...side,
    title: "Received",
    events: [{ type: "receiving.goods_receipt.recorded", sign: "plus" }],
    reversals: ["receiving.goods_receipt.reversed"],
    milestone: "received",
  },
  b: {
    ...side,
    title: "Posted",
    events: [{ type: "erp.goods_receipt.posted", sign: "plus" }],
    reversals: ["erp.goods_receipt.reversed"],
    milestone: "receipt-posted",
    date: "attributes.posting_date",
  },
  key: ["object.purchase_order_line"],
  measure: { kind: "quantity" },
  matching: "M:N",
  lag: "PT15M",
  materiality: { item: "zero", account: "off" },
  secondPersonAbove: "zero",
  response: "Look.",
};

/** The same, in money, and counted; of one receipt each. */
export const RULES: Reconciliations = {
  books: {
    zone: "America/Chicago",
    sites: { harbor: "America/Los_Angeles" },
    calendar: { kind: "months", firstMonth: 1 },
    companies: [],
  },
  reconciliations: [
    RECEIPTS,
    { ...RECEIPTS, id: "money", measure: { kind: "money" }, matching: "1:N" },
    { ...RECEIPTS, id: "counted", measure: { kind: "count" }, matching: "1:1" },
  ],
  versions: new Map([
    ["receipts", "v1"],
    ["money", "v1"],
    ["counted", "v1"],
  ]),
};

export function toReceiptFact(
  given: Partial<Fact> & { id: string; line: string; quantity?: string | undefined },
): Fact {
  const { line, quantity, ...fact } = given;
  return {
    log: "log",
    position: 0,
    source: "erp",
    revision: 0,
    digest: "aa",
    type: "receiving.goods_receipt.recorded",
    domain: "erp",
    time: Date.UTC(2026, 2, 2, 12),
    arrivedAt: Date.UTC(2026, 2, 2, 12),
    site: "north",
    outcome: "",
    objects: [{ type: "purchase_order_line", id: line }],
    reverses: undefined,
    measures: quantity === undefined ? {} : { quantity: { value: quantity, unit: "EA" } },
    attributes: {},
    ...fact,
  };
}
