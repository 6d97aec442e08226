import { calendar, WEEKDAYS } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { type Flow, flow } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";
import type { LegContext } from "./evaluate-legs.ts";
import type { ApprovedWindow } from "./moves.ts";
import { type FlowModel, toFlowModel, toVersionedModel } from "./flow-model.ts";

/** A small flow with two legs, one of them ending by quantity, for tests. */
export const orderFlow: Flow = flow.parse({
  id: "order",
  title: "Order",
  description: "An order line until it is received.",
  owner: "Procurement",
  domain: "procurement",
  criticality: "standard",
  latencyClass: "event",
  anchor: "purchase_order_line",
  links: [
    { from: "purchase_order_line", to: "purchase_order" },
    { from: "purchase_order_line", to: "shipment" },
    { from: "shipment", to: "message" },
  ],
  milestones: {
    issued: {
      title: "Issued",
      system: "ERP",
      events: [{ type: "procurement.purchase_order.issued" }],
      measure: "quantity",
    },
    acknowledged: {
      title: "Acknowledged",
      system: "Supplier",
      events: [{ type: "supplier.acknowledgment.received", where: { "attributes.line_status": ["IA", "IQ"] } }],
    },
    shipped: { title: "Shipped", system: "Supplier", events: [{ type: "supplier.shipment.sent" }] },
    received: {
      title: "Received",
      system: "Warehouse",
      events: [{ type: "erp.goods_receipt.posted" }],
      measure: "quantity",
    },
  },
  legs: [
    {
      id: "acknowledgement",
      title: "Acknowledged",
      from: "issued",
      to: "acknowledged",
      targets: [{ within: "PT4H" }],
      response: "Call.",
    },
    {
      id: "shipment",
      title: "Shipped",
      from: "acknowledged",
      to: "shipped",
      targets: [{ within: "PT24H" }],
      response: "Call.",
    },
    {
      id: "first-receipt",
      title: "First receipt",
      from: "issued",
      to: "received",
      targets: [{ within: "PT10H" }],
      response: "Call.",
    },
    {
      id: "complete-receipt",
      title: "Complete receipt",
      from: "issued",
      to: "received",
      targets: [{ within: "PT10H" }],
      completion: { underTolerancePercent: 5 },
      response: "Call.",
    },
  ],
  changes: [
    {
      events: [{ type: "procurement.purchase_order.changed" }],
      legs: ["acknowledgement", "first-receipt"],
      quantity: "issued",
    },
  ],
  cancelledBy: [{ type: "procurement.purchase_order.cancelled" }],
});

export const orderModel: FlowModel = toFlowModel(orderFlow, "v1");

/** The flow with other rules: targets, shares and completion differ, a leg is gone and another is new. */
export const changedFlow: Flow = flow.parse({
  ...orderFlow,
  legs: [
    ...orderFlow.legs.flatMap((leg) => {
      if (leg.id === "shipment") return [];
      const other = { ...leg, atRiskPercent: 50 };
      if (leg.id === "acknowledgement") return { ...other, targets: [{ within: "PT8H" }] };
      return leg.completion ? { ...other, completion: { underTolerancePercent: 50 } } : other;
    }),
    {
      id: "extra",
      title: "Acknowledged to received",
      from: "acknowledged",
      to: "received",
      targets: [{ within: "PT6H" }],
      atRiskPercent: 50,
      response: "Call.",
    },
  ],
});

/** The flow whose rules change at a moment. */
export function toChangedModel(since: number): FlowModel {
  const versions = [
    { since: 0, ruleVersion: "v1", flow: orderFlow },
    { since, ruleVersion: "v2", flow: changedFlow },
  ] as const;
  return toVersionedModel(versions, new Map());
}

/** Shifts of Monday to Friday with a break, 08:00 to 12:00 and 13:00 to 17:00 at five hours behind UTC all summer. */
const office = calendar.parse({
  id: "office",
  title: "Office",
  zone: "America/Chicago",
  shifts: Object.fromEntries(
    WEEKDAYS.slice(0, 5).map((day) => [
      day,
      [
        { from: "08:00", to: "12:00" },
        { from: "13:00", to: "17:00" },
      ],
    ]),
  ),
});

/** The flow, where acknowledgements and receipts are due in working time. */
export const officeModel: FlowModel = toVersionedModel(
  [
    {
      since: 0,
      ruleVersion: "v1",
      flow: flow.parse({
        ...orderFlow,
        legs: orderFlow.legs.map((leg) => {
          const target = leg.targets[0];
          return leg.id === "shipment" || !target ? leg : { ...leg, targets: [{ ...target, calendar: office.id }] };
        }),
      }),
    },
  ],
  createWorkingTimes(new Map([[office.id, office]])),
);

/** 1 June 2026 at a time of day such as "10:00", in milliseconds. */
export function at(time: string): number {
  return Date.parse(`2026-06-01T${time.length === 5 ? `${time}:00` : time}Z`);
}

let nextPosition = 1;

/** A fact with sensible values where a test gives none. */
export function createFact(fact: Partial<Fact> & { type: string; time: number }): Fact {
  const position = nextPosition++;
  return {
    log: "log",
    position,
    source: "erp",
    id: `event-${position}`,
    revision: 0,
    digest: `digest-${fact.time}`,
    domain: fact.type.split(".")[0] ?? "",
    arrivedAt: fact.time,
    site: "north",
    outcome: "",
    objects: [{ type: "purchase_order_line", id: "4500000001/10" }],
    reverses: undefined,
    measures: {},
    attributes: {},
    ...fact,
  };
}

export const issued = (time: number, fact: Partial<Fact> = {}) =>
  createFact({ type: "procurement.purchase_order.issued", time, measures: quantity("100"), ...fact });
export const acknowledged = (time: number, fact: Partial<Fact> = {}) =>
  createFact({ type: "supplier.acknowledgment.received", time, attributes: { line_status: "IA" }, ...fact });
export const changed = (time: number, fact: Partial<Fact> = {}) =>
  createFact({ type: "procurement.purchase_order.changed", time, ...fact });
export const received = (time: number, amount: string, fact: Partial<Fact> = {}) =>
  createFact({ type: "erp.goods_receipt.posted", time, measures: quantity(amount), ...fact });

function quantity(value: string) {
  return { quantity: { value, unit: "EA" } };
}

/** A context in which all feeds are complete up to `watermarkAt`, now when not given. */
export function createContext(now: number, watermarkAt = now, windows: readonly ApprovedWindow[] = []): LegContext {
  return {
    now,
    watermark: () => ({ source: "feed", at: Math.min(watermarkAt, now), lagMs: undefined }),
    contested: new Map(),
    windows: () => windows,
    itemUnits: [],
  };
}
