import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { flow, type Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import fc from "fast-check";
import type { LegRow } from "../legs/leg-row.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.parse("2026-03-20T15:00:00Z");
export const ZONE = "America/Chicago";

const CALENDAR = calendar.parse({
  id: "business",
  title: "Business hours",
  zone: ZONE,
  shifts: {
    monday: [{ from: "08:00", to: "17:00" }],
    thursday: [
      { from: "08:00", to: "12:00" },
      { from: "13:00", to: "02:00" },
    ],
    friday: [{ from: "08:00", to: "17:00" }],
  },
});

const FLOW = flow.parse({
  id: "order",
  title: "Order to receipt",
  description: "An order until it is received.",
  owner: "Procurement",
  domain: "procurement",
  criticality: "high",
  latencyClass: "event",
  anchor: "purchase_order",
  links: [],
  milestones: {
    issued: { title: "Sent", system: "eProcurement", events: [{ type: "procurement.purchase_order.issued" }] },
    received: { title: "Received", system: "ERP", events: [{ type: "erp.goods_receipt.posted" }] },
  },
  legs: [
    {
      id: "receipt",
      title: "Sent to received",
      from: "issued",
      to: "received",
      targets: [
        { where: { "attributes.urgent": [true] }, within: "PT4H" },
        { within: "PT9H", calendar: "business" },
      ],
      response: "Call.",
    },
  ],
});

export const PACK: Pack = {
  flows: new Map([["order", FLOW]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  calendars: new Map([["business", CALENDAR]]),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [{ source: "*", watermark: "arrival", lag: "PT5M" }],
};
export const WORKING_TIMES = createWorkingTimes(PACK.calendars);

interface Sketch {
  id: number;
  verdict: LegRow["verdict"];
  startedAgo: number;
  tookMs: number;
  dueMs: number;
  calendar: string;
  site: string;
  supplier: string;
  excusedMs: number;
}

export const sketch = fc.record<Sketch>({
  id: fc.nat(400),
  verdict: fc.constantFrom("MET", "MET", "MET", "BREACHED", "OPEN", "AT_RISK", "OVERDUE_PROVISIONAL", "EXCLUDED"),
  startedAgo: fc.integer({ min: HOUR, max: 20 * DAY }),
  tookMs: fc.integer({ min: 0, max: 2 * DAY }),
  dueMs: fc.integer({ min: HOUR, max: 2 * DAY }),
  calendar: fc.constantFrom("", "business"),
  site: fc.constantFrom("", "north", "it's"),
  supplier: fc.constantFrom("", "acme"),
  excusedMs: fc.constantFrom(0, HOUR),
});

export function toRow(each: Sketch): LegRow {
  const startedAt = NOW - each.startedAgo;
  const isEnded = each.verdict === "MET" || (each.verdict !== "OPEN" && each.id % 2 === 0);
  return {
    flow: "order",
    leg: "receipt",
    instanceType: "purchase_order",
    instanceId: String(each.id),
    occurrence: 0,
    verdict: each.verdict,
    startedAt,
    endedAt: isEnded ? Math.min(startedAt + each.tookMs, NOW) : undefined,
    dueAt: startedAt + each.dueMs,
    atRiskAt: startedAt + each.dueMs,
    excusedMs: each.excusedMs,
    budgetMs: each.dueMs,
    calendar: each.calendar,
    startLog: "g",
    startPosition: each.id,
    endLog: "",
    endPosition: 0,
    site: each.site,
    domain: "procurement",
    criticality: "high",
    supplier: each.supplier,
    flags: [],
    reason: "",
    moves: [],
    ruleVersion: "v1",
    wake: undefined,
  };
}

/** A hundred legs of one supplier, every fifth of them late, the newest of this hour. */
export function listUsualLegs(now = NOW): LegRow[] {
  return Array.from({ length: 100 }, (_, index) =>
    toRow({
      id: index,
      verdict: index % 5 === 0 ? "BREACHED" : "MET",
      startedAgo: NOW - now + 5 * HOUR + index * 4 * HOUR,
      tookMs: (1 + (index % 7) / 2) * HOUR,
      dueMs: index === 1 ? 5 * HOUR : 4.5 * HOUR,
      calendar: "",
      site: "north",
      supplier: "acme",
      excusedMs: 0,
    }),
  ).map((row) => (row.instanceId === "1" ? { ...row, endedAt: now - 60_000 } : row));
}
