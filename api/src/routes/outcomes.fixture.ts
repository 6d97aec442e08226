import { calendar } from "@throughline/schemas/calendar/calendar";
import { flow } from "@throughline/schemas/pack/flow";
import { T1 } from "../projections/matches/trade.fixture.ts";
import { TEST_PACK } from "../tower.fixture.ts";

const shift = [{ from: "08:00", to: "17:00" }];
const BUSINESS = calendar.parse({
  id: "us-business",
  title: "Business",
  zone: "America/Chicago",
  shifts: { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift },
});

const toFlow = (id: string, more: object) =>
  flow.parse({
    id,
    title: id,
    description: id,
    owner: "Nobody",
    domain: "procurement",
    criticality: "high",
    latencyClass: "batch",
    links: [],
    ...more,
  });
const PAY = toFlow("procure-to-pay", {
  anchor: "purchase_order_line",
  milestones: {
    ordered: { title: "Ordered", system: "ERP", events: [{ type: "procurement.purchase_order.issued" }] },
    received: { title: "Received", system: "ERP", events: [{ type: "erp.goods_receipt.posted" }] },
  },
  legs: [
    {
      id: "complete-receipt",
      title: "Ordered to received",
      from: "ordered",
      to: "received",
      targets: [{ within: "PT96H" }],
      response: "Call.",
    },
  ],
});
const ONBOARDING = toFlow("supplier-onboarding", {
  anchor: "supplier_request",
  milestones: {
    requested: { title: "Requested", system: "Portal", events: [{ type: "procurement.supplier.requested" }] },
    accepted: { title: "Accepted", system: "Network", events: [{ type: "supplier.message.accepted" }] },
    live: { title: "Live", system: "Network", events: [{ type: "supplier.purchase_order.acknowledged" }] },
  },
  legs: [
    {
      id: "acceptance",
      title: "Requested to accepted",
      from: "requested",
      to: "accepted",
      targets: [{ within: "PT1H" }],
      response: "Call.",
    },
    {
      id: "onboarding",
      title: "Requested to live",
      from: "requested",
      to: "live",
      targets: [{ workingDays: 15, calendar: "us-business" }],
      response: "Follow.",
    },
  ],
  cancelledBy: [{ type: "procurement.supplier.declined" }],
});

/** A pack with the flows that outcomes are read from, and matching. */
export const OUTCOME_PACK = {
  ...TEST_PACK,
  flows: new Map([PAY, ONBOARDING].map((one) => [one.id, one])),
  ruleVersions: new Map([PAY, ONBOARDING].map((one) => [one.id, "v1"])),
  calendars: new Map([[BUSINESS.id, BUSINESS]]),
  tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" },
};
