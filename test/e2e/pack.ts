import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pack } from "@throughline/schemas/pack/flow";
import { parsePack } from "@throughline/schemas/pack/parse-pack";
import { RECONCILIATIONS } from "./books.ts";

const CONFIG = join(import.meta.dirname, "../../config");

/** One flow in elapsed time, so that what the pages show does not depend on the day of the week. */
const FLOW = `
id: procure-to-pay
title: Procure to pay
description: An order line from the order sent until its receipt is posted.
owner: Procurement operations
domain: procurement
criticality: high
latencyClass: event
anchor: purchase_order_line
links:
  - { from: purchase_order_line, to: purchase_order }
milestones:
  issued: { title: Order sent, system: eProcurement, events: [{ type: procurement.purchase_order.issued }] }
  read: { title: Message accepted, system: Supplier network, events: [{ type: supplier.message.accepted }] }
  acknowledged: { title: Order acknowledged, system: Supplier network, events: [{ type: supplier.purchase_order.acknowledged }] }
  shipped: { title: Ship notice, system: Supplier network, events: [{ type: supplier.shipment.notified }] }
  arrived: { title: Arrived at the dock, system: Receiving, events: [{ type: receiving.shipment.arrived }] }
  received: { title: Received, system: Receiving, events: [{ type: receiving.goods_receipt.recorded }] }
  posted: { title: Receipt posted, system: ERP, events: [{ type: erp.goods_receipt.posted }] }
legs:
  - { id: syntax, title: Order sent to message accepted, from: issued, to: read, targets: [{ within: PT1H }], response: Call the supplier's EDI desk. }
  - { id: acknowledgement, title: Order sent to acknowledged, from: issued, to: acknowledged, targets: [{ within: PT20H }], response: Call the supplier's order desk. }
  - { id: arrival, title: Ship notice to arrival, from: shipped, to: arrived, targets: [{ within: PT72H }], response: Track the shipment with the carrier. }
  - { id: receipt, title: Arrival to received, from: arrived, to: received, targets: [{ within: PT20H }], response: Call the dock. }
  - { id: posting, title: Received to receipt posted, from: received, to: posted, targets: [{ within: PT15M }], response: Restart the receiving job. }
`;

const SLOS = `
slos:
  - { id: acknowledged, title: Suppliers acknowledge, flow: procure-to-pay, legs: [acknowledgement], objective: 95, minimum: 1, response: Call the order desks. }
  - { id: posted, title: Receipts are posted, flow: procure-to-pay, legs: [posting], objective: 99.5, response: Restart the receiving job. }
  - { id: everything, title: The whole flow, flow: procure-to-pay, objective: 90, minimum: 1, response: Find the leg that is late. }
`;

/** Sources that fall silent within seconds, number their events, are closed today, or promise a file by midnight. */
const SOURCES = `
sources:
  - { source: /edi/HARBOR, watermark: arrival, silentAfter: PT1S }
  - { source: /numbered, watermark: sequence, gapPatience: PT1S }
  - { source: /office, watermark: arrival, silentAfter: PT1S, calendar: office }
  - source: /inventory/NORTH
    watermark: batch
    batches: [{ name: inventory, by: "00:00", calendar: daily, rows: { min: 9000 } }]
  - { source: "/import/*", watermark: heartbeat }
  - { source: "*", watermark: arrival }
`;
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/** Those that ship, and two more: the office opens in three days. */
function writeCalendars(now: Date): string {
  const opens = DAYS[(now.getUTCDay() + 3) % DAYS.length];
  const shift = '[{ from: "00:00", to: "24:00" }]';
  return `${readFileSync(join(CONFIG, "calendars.yaml"), "utf8")}
  - { id: office, title: Office, zone: UTC, shifts: { ${opens}: ${shift} } }
  - { id: daily, title: Daily, zone: UTC, shifts: { ${DAYS.map((day) => `${day}: ${shift}`).join(", ")} } }
`;
}

/** The configuration that the pages are tried with. */
export function createPack({ isMatching }: { isMatching: boolean }): Pack {
  const shipped = (name: string) => ({ path: `config/${name}`, text: readFileSync(join(CONFIG, name), "utf8") });
  const result = parsePack([
    { path: "config/objects.yaml", text: readFileSync(join(CONFIG, "objects.yaml"), "utf8") },
    { path: "config/sources.yaml", text: SOURCES },
    { path: "config/calendars.yaml", text: writeCalendars(new Date()) },
    { path: "config/slos.yaml", text: SLOS },
    { path: "config/reconciliations.yaml", text: RECONCILIATIONS },
    { path: "config/flows/procure-to-pay.yaml", text: FLOW },
    ...(isMatching ? [shipped("tolerances.yaml"), shipped("match-routing.yaml")] : []),
  ]);
  if (!result.ok) throw new Error(`The flow of the tests is wrong: ${JSON.stringify(result.issues)}`);
  return result.pack;
}
