import { DAY, HOUR, MINUTE, findNextLocal, toLocalHour } from "./demand.ts";
import { type Order, type OrderLine, type Parcel, toQuantity } from "./documents.ts";
import { businessHours } from "./business-hours.ts";
import { strikeLate, strikeLost, strikeMistake } from "./faults.ts";
import { shipParcels } from "./receiving.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";

const REFUSED_SHARE = 0.002;
const PARTIAL_SHARE = 0.01;
const DOCK_OPENS = 5;
const DOCK_CLOSES = 22;

/** What the supplier does with a line: its answer, and how long what part of it takes beyond the usual way. */
interface Plan {
  line: OrderLine;
  status: "IA" | "IB" | "BP" | "R1" | "R2";
  parts: Part[];
}

interface Part {
  packs: number;
  extraMs: number;
  /** The shelf waits for it longer than it may. */
  isLate: boolean;
}

/** The supplier reads the order, answers each line, and ships what it has. */
export function answerOrder(simulation: Simulation, order: Order, now: number) {
  const { random, isCritical } = order;
  const acceptedAt = Math.round(now + random.around(1, 2.5, 8) * MINUTE);
  const answeredAt = Math.round(
    acceptedAt + (isCritical ? random.around(4, 12, 45) : random.around(10, 30, 85)) * MINUTE,
  );
  simulation.schedule(acceptedAt, (at) => acceptMessage(simulation, order, at));
  const document = `${order.supplier.id}/ACK-${simulation.number("acknowledgment", 5)}`;
  const plans = order.lines.map((line) => planLine(simulation, order, line));
  for (const plan of plans) answerLine(simulation, { order, plan, document }, { issuedAt: now, answeredAt });
  shipPlans(simulation, { order, plans }, { issuedAt: now, answeredAt });
}

function acceptMessage(simulation: Simulation, order: Order, now: number) {
  simulation.send(now, {
    type: "supplier.message.accepted",
    source: `/edi/${order.supplier.id}`,
    site: order.site.id,
    objects: [["message", order.message]],
    attributes: { transaction: "850" },
  });
}

function planLine(simulation: Simulation, order: Order, line: OrderLine): Plan {
  const { random, supplier } = order;
  if (line.requisition.isMisdirected === true) return { line, status: "R1", parts: [] };
  if (!line.isStruck && random.isHit(REFUSED_SHARE)) return { line, status: "R1", parts: [] };
  if (!line.isStruck && simulation.random(`number/${line.id}`).isHit(simulation.options.faults.wrongItem)) {
    line.isStruck = true;
    return { line, status: "R2", parts: [] };
  }
  if (random.isHit(supplier.backorderShare * simulation.options.faults.shortage)) {
    line.isStruck = true;
    return { line, status: "IB", parts: [{ packs: line.packs, extraMs: random.between(1, 4) * DAY, isLate: true }] };
  }
  if (line.packs >= 2 && random.isHit(PARTIAL_SHARE)) return planPartial(random, line);
  const isLate = !line.isStruck && random.isHit(simulation.options.faults.late);
  if (isLate) line.isStruck = true;
  const extraMs = isLate ? random.between(20, 44) * HOUR : 0;
  return { line, status: "IA", parts: [{ packs: line.packs, extraMs, isLate }] };
}

function planPartial(random: Random, line: OrderLine): Plan {
  line.isStruck = true;
  const packs = Math.max(1, Math.floor(line.packs * random.between(0.4, 0.8)));
  const first = { packs, extraMs: 0, isLate: false };
  const rest = { packs: line.packs - packs, extraMs: random.between(0.8, 3) * DAY, isLate: false };
  return { line, status: "BP", parts: [first, rest] };
}

function answerLine(
  simulation: Simulation,
  made: { order: Order; plan: Plan; document: string },
  time: { issuedAt: number; answeredAt: number },
) {
  const { order, plan } = made;
  const { line } = plan;
  const isLate = canStrike(plan) && order.random.isHit(simulation.options.faults.late);
  const answeredAt = isLate ? toLateAnswer(order, line, time.issuedAt) : time.answeredAt;
  if (isLate) {
    line.isStruck = true;
    const object = ["purchase_order_line", line.id] as const;
    strikeLate(simulation, { onset: time.issuedAt, end: answeredAt, object, leg: "procure-to-pay/acknowledgement" });
  }
  simulation.schedule(answeredAt, (at) => sendAnswer(simulation, made, at));
  if (plan.status !== "R1" && plan.status !== "R2") return;
  if (!isMistaken(plan))
    simulation.schedule(answeredAt + 40 * MINUTE, (at) => buyElsewhere(simulation, { order, line }, at));
  else simulation.schedule(toNoticedAt(time.issuedAt), (at) => buyElsewhere(simulation, { order, line }, at));
}

/** The item or its supplier is wrong in the order, and not only refused. */
function isMistaken({ line, status }: Plan): boolean {
  return status === "R2" || line.requisition.isMisdirected === true;
}

/** Nobody reads the refusal of what is wrong before the acknowledgement is overdue. */
function toNoticedAt(issuedAt: number): number {
  return businessHours.add(issuedAt, 5 * HOUR);
}

/** After the two hours of an urgent line, after four hours of business for any other. */
function toLateAnswer(order: Order, line: OrderLine, issuedAt: number): number {
  if (isUrgent(line)) return Math.round(issuedAt + order.random.between(2.1, 5) * HOUR);
  return Math.round(businessHours.add(issuedAt, 4 * HOUR) + order.random.between(0.2, 8) * HOUR);
}

function sendAnswer(simulation: Simulation, made: { order: Order; plan: Plan; document: string }, now: number) {
  const { order, plan, document } = made;
  const { line, status } = plan;
  const isLost = canStrike(plan) && order.random.isHit(simulation.options.faults.lost);
  const draft = {
    type: "supplier.purchase_order.acknowledged",
    source: `/edi/${order.supplier.id}`,
    site: order.site.id,
    objects: [
      ["purchase_order_line", line.id] as const,
      ["purchase_order", order.id] as const,
      ["acknowledgment", document] as const,
    ],
    attributes: { line_status: status },
    measures: { quantity: toQuantity(line, status in REFUSALS ? 0 : line.packs) },
    ...(status === "R1" || status === "R2" ? { outcome: "rejected" as const, error: REFUSALS[status] } : {}),
  };
  const event = simulation.send(now, draft, { isLost });
  if (isMistaken(plan))
    strikeMistake(simulation, {
      kind: status === "R2" ? "wrong-item" : "wrong-vendor",
      at: now,
      end: toNoticedAt(now),
      line: line.id,
      event,
    });
  if (!isLost) return;
  line.isStruck = true;
  strikeLost(simulation, {
    at: now,
    event,
    object: ["purchase_order_line", line.id],
    leg: "procure-to-pay/acknowledgement",
  });
}

const REFUSALS = {
  R1: { class: "business_rule", code: "R1", message: "Item is not on contract", retryable: false },
  R2: { class: "business_rule", code: "R2", message: "No such item", retryable: false },
} as const;

function buyElsewhere(simulation: Simulation, refused: { order: Order; line: OrderLine }, now: number) {
  const { order, line } = refused;
  simulation.send(now, {
    type: "procurement.purchase_order.cancelled",
    source: `/procurement/${order.site.id}`,
    site: order.site.id,
    objects: [["purchase_order_line", line.id]],
    attributes: { cause: "refused by the supplier" },
  });
  const { supplier: own, alternative } = line.requisition.replenishment.shelf.item;
  const supplier = line.requisition.isMisdirected === true ? own : alternative;
  order.reorder({ ...line.requisition, supplier, isMisdirected: false }, now);
}

/** What takes equally long leaves in one shipment. */
function shipPlans(
  simulation: Simulation,
  made: { order: Order; plans: Plan[] },
  time: { issuedAt: number; answeredAt: number },
) {
  const { order, plans } = made;
  const [least, most] = order.supplier.leadHours;
  const leadMs = order.random.between(least, most) * HOUR * (order.isCritical ? 0.6 : 1);
  const parts = plans.flatMap(({ line, parts: own }) => own.map((part) => ({ line, ...part })));
  const groups = Map.groupBy(parts, ({ extraMs }) => extraMs);
  for (const [extraMs, group] of groups) {
    const parcels = group.map(({ line, packs }) => toParcel(order, line, packs));
    const dueAt = toDockHours(time.issuedAt + leadMs + extraMs, order);
    const transitMs = order.random.around(1, 1.5, 2.2) * HOUR;
    const shippedAt = Math.round(Math.max(dueAt - transitMs, time.answeredAt + 10 * MINUTE));
    const arrivedAt = Math.round(Math.max(dueAt, shippedAt + 0.8 * HOUR));
    shipParcels(simulation, { order, parcels, shippedAt, arrivedAt });
    const late = group.filter(({ isLate }) => isLate).map(({ line }) => line);
    noteLateDeliveries(simulation, late, { issuedAt: time.issuedAt, arrivedAt });
  }
}

function noteLateDeliveries(simulation: Simulation, lines: OrderLine[], time: { issuedAt: number; arrivedAt: number }) {
  for (const line of lines) {
    const object = ["replenishment", line.requisition.replenishment.id] as const;
    strikeLate(simulation, {
      onset: time.issuedAt,
      end: time.arrivedAt,
      object,
      leg: "medication-replenishment/receipt",
    });
  }
}

function toParcel(order: Order, line: OrderLine, packs: number): Parcel {
  const { item } = line.requisition.replenishment.shelf;
  return { line, packs, lot: `${item.id}/${order.random.hex(6).toUpperCase()}`, postedAt: undefined };
}

function toDockHours(at: number, order: Order): number {
  const hour = toLocalHour(at);
  if (hour >= DOCK_OPENS && hour < DOCK_CLOSES) return at;
  return findNextLocal(at, DOCK_OPENS, order.random.whole(0, 50));
}

function canStrike({ line, status }: Plan): boolean {
  return status === "IA" && !line.isStruck;
}

function isUrgent(line: OrderLine): boolean {
  return line.requisition.replenishment.isCritical;
}
