import { crc32 } from "node:zlib";
import { businessHours } from "./business-hours.ts";
import type { Item, Site } from "./catalogue.ts";
import { DAY, HOUR, MINUTE, findNextLocal, toLocalWeekday } from "./demand.ts";
import { strikeLate, strikeLost } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";

const ORDERS_PER_DAY = 3;
const PAPER_SHARE = 0.12;
const IN_PARTS_SHARE = 0.15;
const REVOKED_SHARE = 0.01;
const FRIDAY = 5;
const MORNING = 9;
const AFTERNOON = 16;

interface ControlledOrder {
  /** purchaser's DEA number / order. */
  id: string;
  site: Site;
  supplier: string;
  form: "electronic" | "paper";
  random: Random;
  lines: ControlledLine[];
}

interface ControlledLine {
  /** purchaser's DEA number / order / line. */
  id: string;
  item: Item;
  containers: number;
  isStruck: boolean;
}

type Pairs = readonly (readonly [string, string])[];

/** Each morning of a working day the coordinators of the sites sign what the vault needs. */
export function startControlledOrders(simulation: Simulation, now: number) {
  const items = simulation.catalogue.items.filter(({ isControlled }) => isControlled);
  if (items.length === 0) return;
  for (const site of simulation.catalogue.sites) awaitMorning(simulation, { site, items }, now);
}

function awaitMorning(simulation: Simulation, desk: { site: Site; items: Item[] }, now: number) {
  simulation.schedule(findNextLocal(now, MORNING, 30), (at) => {
    awaitMorning(simulation, desk, at);
    if (!businessHours.isWorkingDay(new Date(at).toISOString().slice(0, 10))) return;
    for (let count = 0; count < ORDERS_PER_DAY; count += 1) {
      const order = createOrder(simulation, desk, at);
      simulation.schedule(Math.round(at + order.random.between(0, 60) * MINUTE), (signedAt) =>
        sign(simulation, order, signedAt),
      );
    }
  });
}

function createOrder(
  simulation: Simulation,
  { site, items }: { site: Site; items: Item[] },
  now: number,
): ControlledOrder {
  const number = simulation.number("controlled", 4);
  const random = simulation.random(`controlled/${number}`);
  const id = `${toRegistration(site)}/${String(new Date(now).getUTCFullYear()).slice(2)}X${number.slice(-6)}`;
  const lines = Array.from({ length: random.whole(1, 3) }, (_, index) => ({
    id: `${id}/${index + 1}`,
    item: random.pick(items),
    containers: random.whole(2, 12),
    isStruck: false,
  }));
  const form = random.isHit(PAPER_SHARE) ? "paper" : "electronic";
  return { id, site, supplier: random.pick(items).supplier.id, form, random, lines };
}

function sign(simulation: Simulation, order: ControlledOrder, now: number) {
  const { random, site, supplier, form } = order;
  for (const line of order.lines)
    simulation.send(now, {
      type: "pharmacy.controlled_order.signed",
      source: `/procurement/${site.id}`,
      site: site.id,
      objects: [
        ["controlled_order_line", line.id],
        ["controlled_order", order.id],
        ["dea_registration", toRegistration(site)],
        ["item", line.item.id],
        ["supplier", supplier],
      ],
      attributes: { form },
      measures: toContainers(line.containers),
    });
  const verifiedAt = businessHours.add(now, Math.round(random.around(10, 40, 150) * MINUTE));
  const isRevoked = random.isHit(REVOKED_SHARE);
  simulation.schedule(verifiedAt, (at) => {
    if (isRevoked) refuse(simulation, order, at);
    else verify(simulation, order, at);
  });
}

function verify(simulation: Simulation, order: ControlledOrder, now: number) {
  sendFromSupplier(simulation, { order, verb: "verified", objects: [["controlled_order", order.id]] }, now);
  const { random } = order;
  const shippedAt = businessHours.add(now, Math.round(random.around(1, 3, 7) * HOUR));
  const isInParts = random.isHit(IN_PARTS_SHARE);
  const restAt = isInParts ? businessHours.add(shippedAt, Math.round(random.between(10, 30) * HOUR)) : shippedAt;
  for (const line of order.lines) {
    const first = isInParts ? Math.ceil(line.containers / 2) : line.containers;
    const isFinal = first === line.containers;
    simulation.schedule(shippedAt, (at) => ship(simulation, { order, line, containers: first, isFinal }, at));
    if (!isFinal)
      simulation.schedule(restAt, (at) =>
        ship(simulation, { order, line, containers: line.containers - first, isFinal: true }, at),
      );
  }
  awaitReport(simulation, order, restAt);
}

/** The certificate of the signer was revoked: the order goes back, and a new one is signed another day. */
function refuse(simulation: Simulation, order: ControlledOrder, now: number) {
  const objects = [["controlled_order", order.id] as const];
  const message = "Certificate is on the revocation list";
  const error = { class: "business_rule", code: "CERT_REVOKED", message, retryable: false } as const;
  sendFromSupplier(simulation, { order, verb: "verified", objects, rejected: error }, now);
  sendFromSupplier(
    simulation,
    { order, verb: "refused", objects, attributes: { cause: "certificate revoked" } },
    now + MINUTE,
  );
}

function ship(
  simulation: Simulation,
  sent: { order: ControlledOrder; line: ControlledLine; containers: number; isFinal: boolean },
  now: number,
) {
  const { order, line, containers, isFinal } = sent;
  const { random, site } = order;
  const objects = [["controlled_order_line", line.id] as const, ["item", line.item.id] as const];
  const attributes = { form: order.form, final: isFinal };
  sendFromSupplier(
    simulation,
    { order, verb: "shipped", objects, attributes, measures: toContainers(containers) },
    now,
  );
  const receivedAt = businessHours.add(now, Math.round(random.around(3, 5, 8) * HOUR));
  const linkedAt = businessHours.add(receivedAt, Math.round(random.around(0.2, 1, 5) * HOUR));
  const from = { site: site.id, objects, measures: toContainers(containers) };
  simulation.schedule(receivedAt, (at) =>
    simulation.send(at, { type: "receiving.controlled_order.received", source: `/receiving/${site.id}`, ...from }),
  );
  // Only the first receipt of a line ends its leg, so only of lines in one piece a missing link is certain to show.
  const canStrike = isFinal && containers === line.containers && !line.isStruck;
  const isLost = canStrike && random.isHit(simulation.options.faults.late);
  if (isLost) line.isStruck = true;
  simulation.schedule(linkedAt, (at) => {
    const draft = { type: "pharmacy.controlled_receipt.linked", source: `/procurement/${site.id}`, ...from };
    const event = simulation.send(at, draft, { isLost });
    const object = ["controlled_order_line", line.id] as const;
    if (isLost) strikeLost(simulation, { at, event, object, leg: "controlled-substance-order/linking" });
  });
}

/** Electronic orders are reported within two working days, copies of paper forms leave on Fridays and at the end of a month. */
function awaitReport(simulation: Simulation, order: ControlledOrder, filledAt: number) {
  const { random, lines } = order;
  const objects = [["controlled_order", order.id] as const];
  if (order.form === "paper") {
    simulation.schedule(findCopyDay(filledAt), (at) =>
      sendFromSupplier(simulation, { order, verb: "copy_forwarded", objects }, at),
    );
    return;
  }
  const isLate = lines.every(({ isStruck }) => !isStruck) && random.isHit(simulation.options.faults.late);
  const hours = isLate ? random.between(29, 40) : random.around(2, 6, 14);
  const reportedAt = businessHours.add(filledAt, Math.round(hours * HOUR));
  for (const line of isLate ? lines : []) {
    line.isStruck = true;
    const object = ["controlled_order_line", line.id] as const;
    strikeLate(simulation, {
      onset: filledAt,
      end: reportedAt,
      object,
      leg: "controlled-substance-order/electronic-report",
    });
  }
  simulation.schedule(reportedAt, (at) => sendFromSupplier(simulation, { order, verb: "reported", objects }, at));
}

function findCopyDay(after: number): number {
  let at = findNextLocal(after, AFTERNOON, 0);
  while (toLocalWeekday(at) !== FRIDAY && new Date(at).getUTCMonth() === new Date(at + DAY).getUTCMonth())
    at = findNextLocal(at, AFTERNOON, 0);
  return at;
}

function sendFromSupplier(
  simulation: Simulation,
  told: {
    order: ControlledOrder;
    verb: string;
    objects: Pairs;
    attributes?: Record<string, string | boolean>;
    measures?: ReturnType<typeof toContainers>;
    rejected?: { class: "business_rule"; code: string; message: string; retryable: boolean };
  },
  now: number,
) {
  const { order, verb, objects, attributes, measures, rejected } = told;
  simulation.send(now, {
    type: `supplier.controlled_order.${verb}`,
    source: `/edi/${order.supplier}`,
    site: order.site.id,
    objects: [...objects, ["supplier", order.supplier]],
    ...(attributes === undefined ? {} : { attributes }),
    ...(measures === undefined ? {} : { measures }),
    ...(rejected === undefined ? {} : { outcome: "rejected", error: rejected }),
  });
}

function toContainers(count: number) {
  return { containers: { value: String(count), unit: "EA" } };
}

/** A made-up registration: two letters and seven digits. */
function toRegistration(site: Site): string {
  return `AX${String(crc32(site.id) % 10_000_000).padStart(7, "0")}`;
}
