import { flow } from "@throughline/schemas/pack/flow";
import { invoiced, received, say } from "../projections/matches/events.fixture.ts";
import { T1 } from "../projections/matches/trade.fixture.ts";
import { TEST_PACK } from "../tower.fixture.ts";

const toFlow = (id: string, more: object) =>
  flow.parse({
    id,
    title: id,
    description: id,
    owner: "Nobody",
    criticality: "high",
    latencyClass: "event",
    ...more,
  });
const toLeg = (id: string, from: string, to: string) => ({
  id,
  title: `${from} to ${to}`,
  from,
  to,
  targets: [{ within: "PT48H" }],
  response: "Call.",
});
const on = (type: string) => ({ title: type, system: "ERP", events: [{ type }] });

const REPLENISHMENT = toFlow("medication-replenishment", {
  domain: "pharmacy",
  anchor: "replenishment",
  links: [
    { from: "replenishment", to: "requisition" },
    { from: "requisition", to: "purchase_order_line" },
  ],
  milestones: { "below-par": on("pharmacy.stock.below_par"), available: on("pharmacy.stock.available") },
  legs: [toLeg("available", "below-par", "available")],
});
const PAY = toFlow("procure-to-pay", {
  domain: "procurement",
  anchor: "purchase_order_line",
  links: [],
  milestones: {
    issued: on("procurement.purchase_order.issued"),
    acknowledged: on("supplier.purchase_order.acknowledged"),
    received: on("erp.goods_receipt.posted"),
  },
  legs: [toLeg("acknowledgement", "issued", "acknowledged"), toLeg("complete-receipt", "issued", "received")],
});

/** A pack with the flows that seats are read from, and matching; shipments are not followed. */
export const SEAT_PACK = {
  ...TEST_PACK,
  flows: new Map([REPLENISHMENT, PAY].map((one) => [one.id, one])),
  ruleVersions: new Map([REPLENISHMENT, PAY].map((one) => [one.id, "v1"])),
  tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" },
  matchRouting: {
    owners: [{ id: "buyers", title: "Buyers", seat: "procurement" as const }],
    rules: [{ codes: ["PRICE" as const], owner: "buyers" }],
    nextActions: {},
    acceptance: [],
    touchMinutes: {
      take: "off" as const,
      release: "off" as const,
      accept: "off" as const,
      approve: "off" as const,
      withdraw: "off" as const,
    },
  },
};

const short = (day: number, id: string, more: object = {}) =>
  say(day, "pharmacy.stock.below_par", {
    objects: { purchase_order_line: "", replenishment: id, item: "I1", location: `L-${id}` },
    measures: { on_hand: "2 EA", par: "10 EA" },
    ...more,
  });
const line = (id: string, more: Record<string, string> = {}) => ({ purchase_order_line: id, ...more });
const orderedFor = (day: number, id: string, more: Parameters<typeof say>[2] = {}) => [
  say(day, "procurement.purchase_order.issued", {
    ...more,
    objects: { ...line(id), purchase_order: "45", item: "I1", supplier: "CARDINAL", ...more.objects },
    measures: { quantity: "100 EA", price: "10.00 USD", ...more.measures },
    attributes: { receipt_expected: true, ...more.attributes },
  }),
];
const answered = (day: number, id: string, attributes: Record<string, unknown>) =>
  say(day, "supplier.purchase_order.acknowledged", { objects: line(id), attributes });
const billed = (id: string, number: string, what: string) =>
  invoiced(18, what, { objects: line(id, { invoice: number }) });

/** Shortages of 5 to 20 March with orders in every state, of suppliers that deliver, are late, or bill too much. */
export const SEAT_TRADE = [
  short(5, "R-none"),
  short(10, "R-ordered"),
  short(19, "R-shipped", { attributes: { criticality: "critical" } }),
  short(12, "R-urgent", { attributes: { criticality: "critical" } }),
  short(12, "R-back"),
  say(13, "pharmacy.stock.available", { objects: { purchase_order_line: "", replenishment: "R-back" } }),
  say(10, "procurement.requisition.created", {
    objects: { purchase_order_line: "", replenishment: "R-ordered", requisition: "Q1" },
  }),
  say(19, "procurement.requisition.created", {
    objects: { purchase_order_line: "", replenishment: "R-shipped", requisition: "Q2" },
  }),
  ...orderedFor(11, "1/10", { objects: { requisition: "Q1" }, attributes: { scheduled_on: "2026-03-15" } }),
  ...orderedFor(19, "2/10", { objects: { requisition: "Q2" }, attributes: { scheduled_on: "2026-03-22" } }),
  answered(19, "2/10", { line_status: "IA", promised_on: "2026-03-23" }),
  say(20, "supplier.shipment.notified", {
    objects: line("2/10", { shipment: "SH1" }),
    attributes: { expected_on: "2026-03-21" },
  }),
  ...orderedFor(11, "3/10"),
  answered(12, "3/10", { line_status: "IA" }),
  received(12, "60 EA", { objects: line("3/10") }),
  ...orderedFor(11, "4/10", { attributes: { delivery_complete: true } }),
  received(12, "97 EA", { objects: line("4/10") }),
  billed("4/10", "CARDINAL/A", "97 EA for 1100.00 USD"),
  ...orderedFor(11, "5/10", { objects: { supplier: "MERCK" }, measures: { price: "20.00 EUR" } }),
  billed("5/10", "MERCK/B", "100 EA for 2000.00 EUR"),
  ...orderedFor(11, "6/10", { objects: { supplier: "" }, measures: { price: "" } }).map((fact) => ({
    ...fact,
    measures: { quantity: { value: "1", unit: "EA" } },
  })),
];
