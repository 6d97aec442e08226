import { invoiceShipment } from "./billing.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./demand.ts";
import { type OrderLine, type Parcel, type Shipment, toMoney, toQuantity } from "./documents.ts";
import { strikeLate, strikeLost, strikeMissingReceipt } from "./faults.ts";
import { refillShelf } from "./refills.ts";
import { returnGoods } from "./returns.ts";
import type { Simulation } from "./simulation.ts";
import type { Trace } from "./trace.ts";
import { traceReceipt } from "./traces.ts";

const RETURNED_SHARE = 0.005;
const POSTING_LIMIT_MS = 15 * MINUTE;

interface Receipt {
  shipment: Shipment;
  parcel: Parcel;
  /** ERP / document / year / line. */
  id: string;
}

/** The supplier sends the parcels on their way; the dock takes them in when they arrive. */
export function shipParcels(simulation: Simulation, sent: Omit<Shipment, "id">) {
  const shipment = { ...sent, id: `${sent.order.supplier.id}/SHP-${simulation.number("shipment", 5)}` };
  simulation.schedule(shipment.shippedAt, (now) => {
    for (const parcel of shipment.parcels) notify(simulation, { shipment, parcel }, now);
    invoiceShipment(simulation, shipment, now);
  });
  simulation.schedule(shipment.arrivedAt, (now) => arrive(simulation, shipment, now));
}

function notify(simulation: Simulation, made: { shipment: Shipment; parcel: Parcel }, now: number) {
  const { shipment, parcel } = made;
  const { line, lot, packs } = parcel;
  const isLost = !line.isStruck && shipment.order.random.isHit(simulation.options.faults.lost);
  const draft = {
    type: "supplier.shipment.notified",
    source: `/edi/${shipment.order.supplier.id}`,
    site: shipment.order.site.id,
    objects: [
      ["purchase_order_line", line.id] as const,
      ["shipment", shipment.id] as const,
      ["item", line.requisition.replenishment.shelf.item.id] as const,
      ["lot", lot] as const,
    ],
    attributes: { carrier: "Regional Express", tracking_number: `RX${shipment.id.slice(-8)}` },
    measures: { quantity: toQuantity(line, packs) },
  };
  const event = simulation.send(now, draft, { isLost });
  if (!isLost) return;
  line.isStruck = true;
  strikeLost(simulation, { at: now, event, object: ["purchase_order_line", line.id], leg: "procure-to-pay/shipment" });
}

function arrive(simulation: Simulation, shipment: Shipment, now: number) {
  const { order } = shipment;
  simulation.send(now, {
    type: "receiving.shipment.arrived",
    source: `/receiving/${order.site.id}`,
    site: order.site.id,
    objects: [["shipment", shipment.id]],
    attributes: { temperature_ok: true },
  });
  const document = `50${simulation.number("receipt", 5)}/${new Date(now).getUTCFullYear()}`;
  let countedAt = now;
  shipment.parcels.forEach((parcel, index) => {
    countedAt += Math.round(
      (order.isCritical ? order.random.around(3, 8, 20) : order.random.around(1, 6, 18)) * MINUTE,
    );
    const receipt = { shipment, parcel, id: `erp/${document}/${index + 1}` };
    simulation.schedule(countedAt, (at) => record(simulation, receipt, at));
  });
}

function record(simulation: Simulation, receipt: Receipt, now: number) {
  const { parcel, shipment } = receipt;
  const { order } = shipment;
  const outage = simulation.outages("/erp/group");
  const usualAt = now + order.random.around(40, 100, 420) * SECOND;
  const isLate = !parcel.line.isStruck && order.random.isHit(simulation.options.faults.late);
  const lateMs = isLate ? order.random.between(16, 180) * MINUTE : 0;
  const postedAt = Math.round(
    outage.postpone(usualAt + lateMs) + (outage.find(usualAt) ? order.random.between(5, 400) * SECOND : 0),
  );
  const isOutage = outage.find(usualAt) !== undefined;
  const trace = traceWhenChosen(simulation, receipt, { startsAt: now, postedMs: postedAt - now, isOutage });
  sendRecorded(simulation, { receipt, trace }, now);
  if (isOutage) simulation.schedule(Math.round(usualAt), (at) => sendRefused(simulation, receipt, at));
  if (isLate && postedAt - now > POSTING_LIMIT_MS)
    noteLatePosting(simulation, parcel.line, { recordedAt: now, postedAt });
  // What nobody hears of from the dock either leaves nothing that differs.
  const isHeard = simulation.incident("clock-drift", `/receiving/${order.site.id}`).find(now) === undefined;
  const isMissing =
    isHeard &&
    !parcel.line.isStruck &&
    simulation.random(`post/${receipt.id}`).isHit(simulation.options.faults.missingReceipt);
  if (isMissing) return missPosting(simulation, receipt, now);
  simulation.schedule(postedAt, (at) => post(simulation, { receipt, trace }, at));
}

/** The goods are on their way to the shelf, and the books know nothing of them. */
function missPosting(simulation: Simulation, receipt: Receipt, now: number) {
  const { parcel, shipment } = receipt;
  parcel.line.isStruck = true;
  strikeMissingReceipt(simulation, { at: now, line: parcel.line.id, receipt: receipt.id });
  refillShelf(simulation, { parcel, receipt: receipt.id, random: shipment.order.random }, now);
}

function post(simulation: Simulation, made: { receipt: Receipt; trace: Trace | undefined }, now: number) {
  const { receipt, trace } = made;
  const { parcel, shipment } = receipt;
  const { random } = shipment.order;
  parcel.postedAt = now;
  sendPosted(simulation, made, now);
  if (trace !== undefined) simulation.sendSpans(now + 5 * SECOND, trace.spans);
  refillShelf(simulation, { parcel, receipt: receipt.id, random }, now);
  if (!random.isHit(RETURNED_SHARE)) return;
  const returnedAt = Math.round(now + random.between(6, 40) * HOUR);
  const creditedAt = Math.round(returnedAt + random.between(1.2, 5) * DAY);
  returnGoods(simulation, { order: shipment.order, parcel }, { returnedAt, creditedAt });
}

function sendRecorded(simulation: Simulation, made: { receipt: Receipt; trace: Trace | undefined }, now: number) {
  const { receipt, trace } = made;
  const { line, packs } = receipt.parcel;
  const { order } = receipt.shipment;
  simulation.send(now, {
    type: "receiving.goods_receipt.recorded",
    source: `/receiving/${order.site.id}`,
    site: order.site.id,
    objects: [...toObjects(receipt), ["shipment", receipt.shipment.id]],
    attributes: { final: packs === line.packs },
    measures: { quantity: toQuantity(line, packs) },
    traceparent: trace?.traceparent(0),
  });
}

function sendPosted(simulation: Simulation, made: { receipt: Receipt; trace: Trace | undefined }, now: number) {
  const { receipt, trace } = made;
  const { line, packs } = receipt.parcel;
  const { order } = receipt.shipment;
  simulation.send(now, {
    type: "erp.goods_receipt.posted",
    source: "/erp/group",
    site: order.site.id,
    objects: toObjects(receipt),
    attributes: { movement_type: "101" },
    measures: {
      quantity: toQuantity(line, packs),
      amount: toMoney(packs * line.requisition.replenishment.shelf.item.priceCents),
    },
    traceparent: trace?.traceparent(trace.spans.length - 2),
  });
}

/** Receiving tells that the ERP did not take the receipt. */
function sendRefused(simulation: Simulation, receipt: Receipt, now: number) {
  const { order } = receipt.shipment;
  simulation.send(now, {
    type: "erp.goods_receipt.posted",
    source: `/receiving/${order.site.id}`,
    site: order.site.id,
    objects: toObjects(receipt),
    outcome: "failed",
    error: { class: "transport", code: "503", message: "ERP did not answer: 503 Service Unavailable", retryable: true },
  });
}

function toObjects({ id, parcel }: Receipt) {
  return [
    ["purchase_order_line", parcel.line.id] as const,
    ["goods_receipt", id] as const,
    ["item", parcel.line.requisition.replenishment.shelf.item.id] as const,
    ["lot", parcel.lot] as const,
  ];
}

function noteLatePosting(simulation: Simulation, line: OrderLine, time: { recordedAt: number; postedAt: number }) {
  line.isStruck = true;
  const object = ["purchase_order_line", line.id] as const;
  strikeLate(simulation, { onset: time.recordedAt, end: time.postedAt, object, leg: "procure-to-pay/receipt-posting" });
}

function traceWhenChosen(
  simulation: Simulation,
  receipt: Receipt,
  time: { startsAt: number; postedMs: number; isOutage: boolean },
): Trace | undefined {
  const random = simulation.random(`trace/${receipt.id}`);
  if (!random.isHit(simulation.options.tracedShare)) return undefined;
  const { line } = receipt.parcel;
  const objects = [["purchase_order_line", line.id] as const, ["goods_receipt", receipt.id] as const];
  return traceReceipt(random, { site: receipt.shipment.order.site.id, startsAt: time.startsAt }, { objects, ...time });
}
