import { certificateOf } from "./contracts.ts";
import { HOUR, MINUTE, SECOND } from "./demand.ts";
import { type Order, type OrderLine, type Requisition, toCriticality, toMoney, toQuantity } from "./documents.ts";
import { strikeOutOfOrder } from "./faults.ts";
import type { Simulation } from "./simulation.ts";
import { answerOrder } from "./suppliers.ts";
import type { Trace } from "./trace.ts";
import { traceOrder } from "./traces.ts";

const RUN_EVERY = 2 * HOUR;
const CHANGED_SHARE = 0.01;

/** Puts a requisition into the next order of its site at its supplier; a run every two hours sends them. */
export function waitForOrderRun(simulation: Simulation, requisition: Requisition, now: number) {
  const key = `${requisition.replenishment.shelf.site.id}/${requisition.supplier.id}`;
  const basket = simulation.baskets.get(key) ?? [];
  simulation.baskets.set(key, [...basket, requisition]);
  if (basket.length > 0) return;
  const offset = simulation.random(`run/${key}`).whole(0, RUN_EVERY / MINUTE - 1) * MINUTE;
  const runAt = Math.ceil((now - offset) / RUN_EVERY) * RUN_EVERY + offset;
  simulation.schedule(runAt, (at) => {
    const waiting = simulation.baskets.get(key) ?? [];
    simulation.baskets.delete(key);
    placeOrder(simulation, waiting, at);
  });
}

/** Makes one order of requisitions of the same site and supplier, as soon as the ERP is up. */
export function placeOrder(simulation: Simulation, requisitions: Requisition[], now: number) {
  simulation.schedule(simulation.outages("/erp/group").postpone(now), (at) =>
    createOrder(simulation, requisitions, at),
  );
}

function createOrder(simulation: Simulation, requisitions: Requisition[], now: number) {
  const [first] = requisitions;
  if (first === undefined) return;
  const id = `45${simulation.number("order", 5)}`;
  const { site } = first.replenishment.shelf;
  const interchange = simulation.number(`interchange/${site.id}`, 6);
  const order: Order = {
    id,
    site,
    supplier: first.supplier,
    isCritical: requisitions.some(({ replenishment }) => replenishment.isCritical),
    message: `${site.sender}/${interchange}/1/0001`,
    random: simulation.random(`order/${id}`),
    lines: requisitions.map((requisition, index) => toLine(requisition, `${id}/${(index + 1) * 10}`)),
    reorder: (requisition, at) => waitForOrderRun(simulation, requisition, at),
  };
  const issuedAt = awaitConnection(simulation, order, Math.round(now + order.random.around(20, 35, 90) * SECOND));
  const trace = traceWhenChosen(simulation, order, { startsAt: now, issuedMs: issuedAt - now });
  for (const line of order.lines) sendCreated(simulation, { order, line, trace }, now);
  simulation.schedule(issuedAt, (at) => issueOrder(simulation, { order, trace }, at));
}

/** Orders leave when eProcurement is up and the certificate of the supplier is valid. */
function awaitConnection(simulation: Simulation, { site, supplier, lines }: Order, at: number): number {
  const upAt = simulation.outages(`/procurement/${site.id}`).postpone(at);
  const expired = simulation.incident("expired-certificate", supplier.id).find(upAt);
  if (expired === undefined) return upAt;
  for (const { id, requisition } of lines) {
    const waiting = [
      { type: "purchase_order_line", id },
      { type: "replenishment", id: requisition.replenishment.id },
    ];
    simulation.waiting.set(supplier.id, [...(simulation.waiting.get(supplier.id) ?? []), ...waiting]);
  }
  return expired.end + 5 * SECOND;
}

function issueOrder(simulation: Simulation, made: { order: Order; trace: Trace | undefined }, now: number) {
  const { order, trace } = made;
  for (const line of order.lines) sendIssued(simulation, { order, line, trace }, now);
  if (trace !== undefined) simulation.sendSpans(now + 5 * SECOND, trace.spans);
  for (const line of order.lines) line.requisition.onIssued?.(order, line, now);
  answerOrder(simulation, order, now);
  for (const line of order.lines)
    if (!order.isCritical && order.random.isHit(CHANGED_SHARE) && !line.isStruck)
      changeLine(simulation, { order, line }, now);
}

function sendCreated(
  simulation: Simulation,
  made: { order: Order; line: OrderLine; trace: Trace | undefined },
  now: number,
) {
  const { order, line, trace } = made;
  simulation.send(now, {
    type: "procurement.purchase_order.created",
    source: "/erp/group",
    site: order.site.id,
    objects: toObjects(order, line),
    attributes: { receipt_expected: true },
    measures: toMeasures(line),
    traceparent: trace?.traceparent(1),
  });
}

function sendIssued(
  simulation: Simulation,
  made: { order: Order; line: OrderLine; trace: Trace | undefined },
  now: number,
) {
  const { order, line, trace } = made;
  const isHeld = order.random.isHit(simulation.options.faults.outOfOrder);
  const heldMs = isHeld ? Math.round(order.random.between(50, 110) * MINUTE) : 0;
  const criticality = toCriticality(line.requisition.replenishment.isCritical);
  const draft = {
    type: "procurement.purchase_order.issued",
    source: `/procurement/${order.site.id}`,
    site: order.site.id,
    objects: [...toObjects(order, line), ["message", order.message] as const],
    attributes: { receipt_expected: true, criticality, transaction: "850", channel: "edi" },
    measures: toMeasures(line),
    traceparent: trace?.traceparent(4),
  };
  const event = simulation.send(now, draft, { heldMs });
  if (!isHeld) return;
  line.isStruck = true;
  const object = ["purchase_order_line", line.id] as const;
  strikeOutOfOrder(simulation, { at: now, heldMs, event, object, leg: "procure-to-pay/acknowledgement" });
}

/** The buyer asks for another day of delivery, and the supplier agrees. */
function changeLine(simulation: Simulation, made: { order: Order; line: OrderLine }, now: number) {
  const { order, line } = made;
  // A change starts the acknowledgement anew, so that a fault of it would no longer break the leg.
  line.isStruck = true;
  const changedAt = Math.round(now + order.random.between(5, 30) * MINUTE);
  const answeredAt = Math.round(changedAt + order.random.between(10, 80) * MINUTE);
  const objects = [["purchase_order_line", line.id] as const, ["purchase_order", order.id] as const];
  const measures = { quantity: toQuantity(line, line.packs) };
  simulation.schedule(changedAt, (at) =>
    simulation.send(at, {
      type: "procurement.purchase_order.changed",
      source: `/procurement/${order.site.id}`,
      site: order.site.id,
      objects,
      attributes: { change_sequence: 1, transaction: "860" },
      measures,
    }),
  );
  simulation.schedule(answeredAt, (at) =>
    simulation.send(at, {
      type: "supplier.purchase_order.change_acknowledged",
      source: `/edi/${order.supplier.id}`,
      site: order.site.id,
      objects,
      attributes: { line_status: "IA", change_sequence: 1 },
      measures,
    }),
  );
}

function toLine(requisition: Requisition, id: string): OrderLine {
  const isStruck = requisition.isMisdirected === true;
  return { id, requisition, packs: requisition.replenishment.packs, isStruck };
}

function toObjects(order: Order, line: OrderLine) {
  return [
    ["purchase_order_line", line.id] as const,
    ["purchase_order", order.id] as const,
    ["requisition", line.requisition.id] as const,
    ["item", line.requisition.replenishment.shelf.item.id] as const,
    ["supplier", order.supplier.id] as const,
  ];
}

function toMeasures(line: OrderLine) {
  const { priceCents, packSize } = line.requisition.replenishment.shelf.item;
  return {
    quantity: toQuantity(line, line.packs),
    ...(packSize > 1 ? { base_quantity: { value: String(line.packs * packSize), unit: "EA" } } : {}),
    price: toMoney(priceCents),
    amount: toMoney(priceCents * line.packs),
  };
}

function traceWhenChosen(
  simulation: Simulation,
  order: Order,
  time: { startsAt: number; issuedMs: number },
): Trace | undefined {
  const random = simulation.random(`trace/${order.id}`);
  if (!random.isHit(simulation.options.tracedShare)) return undefined;
  const place = { site: order.site.id, startsAt: time.startsAt };
  const lines = order.lines.map((line) => ["purchase_order_line", line.id] as const);
  const objects = [["purchase_order", order.id] as const, ...lines];
  const certificate = certificateOf(simulation, order.supplier.id, time.startsAt);
  return traceOrder(random, place, { objects, supplier: order.supplier.id, issuedMs: time.issuedMs, certificate });
}
