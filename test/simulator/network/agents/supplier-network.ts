import { businessHours } from "../../business-hours.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../demand.ts";
import type { Random } from "../../random.ts";
import { type OrderRead, readOrder } from "../native/read-documents.ts";
import type { Behaviour, Desk } from "./agent.ts";
import { toDockTime } from "./dock-hours.ts";
import type { Delivered } from "./supplier-billing.ts";
import { createLater, createPapers } from "./supplier-papers.ts";
import { type World, toIso } from "./world.ts";

const PARTIAL_SHARE = 0.01;

interface Plan {
  line: OrderRead["lines"][number];
  status: "IA" | "IB" | "BP" | "R1" | "R2";
  parts: Delivered[];
}

/**
 * The suppliers: each reads the orders that came to it, accepts their syntax, answers each line by what it delivers and has, ships, and
 * bills what it shipped.
 */
export function openSuppliers(desk: Desk, world: World): Behaviour {
  const later = createLater(desk, world);
  const { accept, answer, ship } = createPapers(desk, world);
  return {
    hear: ({ text }) => {
      const order = readOrder(text);
      const { supplier, id } = order;
      const random = world.random(`supplier/${supplier}/${id}`);
      const acceptedAt = desk.now() + random.around(1, 2.5, 8) * MINUTE;
      later(supplier, acceptedAt, () => accept(order));
      const plans = order.lines.map((line) => planLine(world, { order, line, now: desk.now() }));
      const isLate = plans.every(({ status }) => status === "IA") && random.isHit(world.ratesAt(desk.now()).late);
      const usualAt = acceptedAt + random.around(10, 30, 85) * MINUTE;
      const answeredAt = isLate ? businessHours.add(desk.now(), 4 * HOUR) + random.between(0.2, 8) * HOUR : usualAt;
      if (isLate) noteLateAnswer(desk, order, answeredAt);
      later(supplier, answeredAt, () => answer(order, plans));
      for (const { parcels, shippedAt, expectedAt } of planShipments(world, {
        order,
        plans,
        answeredAt: usualAt,
        random,
      }))
        later(supplier, shippedAt, () => ship(order, parcels, Math.max(expectedAt, desk.now() + 0.8 * HOUR)));
    },
  };
}

/** A supplier knows some items, delivers some of these, and has most of those. */
function planLine(
  world: World,
  { order, line, now }: { order: OrderRead; line: OrderRead["lines"][number]; now: number },
): Plan {
  const random = world.random(`line/${order.id}/${line.number}`);
  const item = world.catalogue.items.find(({ id }) => id === line.item);
  if (item === undefined) return { line, status: "R2", parts: [] };
  const own = [item.supplier, item.alternative].find(({ id }) => id === order.supplier);
  if (own === undefined) return { line, status: "R1", parts: [] };
  const part = (packs: number, extraMs: number): Delivered => ({
    line,
    item,
    packs,
    extraMs,
    lot: `L${random.hex(6).toUpperCase()}`,
  });
  if (random.isHit(own.backorderShare * world.ratesAt(now).shortage))
    return { line, status: "IB", parts: [part(line.packs, random.between(1, 4) * DAY)] };
  if (line.packs < 2 || !random.isHit(PARTIAL_SHARE)) return { line, status: "IA", parts: [part(line.packs, 0)] };
  const packs = Math.max(1, Math.floor(line.packs * random.between(0.4, 0.8)));
  return {
    line,
    status: "BP",
    parts: [part(packs, 0), part(line.packs - packs, random.between(0.8, 3) * DAY)],
  };
}

/** What takes equally long leaves in one shipment. */
function planShipments(
  world: World,
  {
    order,
    plans,
    answeredAt,
    random,
  }: { order: OrderRead; plans: readonly Plan[]; answeredAt: number; random: Random },
) {
  const [least, most] = world.catalogue.suppliers.find(({ id }) => id === order.supplier)?.leadHours ?? [5, 8];
  const leadMs = random.between(least, most) * HOUR;
  const parts = plans.flatMap((plan) => plan.parts);
  return [...Map.groupBy(parts, ({ extraMs }) => extraMs)].map(([extraMs, parcels]) => {
    const dueAt = toDockTime(order.at + leadMs + extraMs, random);
    const shippedAt = Math.max(dueAt - random.around(1, 1.5, 2.2) * HOUR, answeredAt + 10 * MINUTE);
    return { parcels, shippedAt, expectedAt: Math.max(dueAt, shippedAt + 48 * MINUTE + SECOND) };
  });
}

function noteLateAnswer(desk: Desk, order: OrderRead, answeredAt: number) {
  for (const { number } of order.lines)
    desk.note({
      kind: "late",
      onset: toIso(desk.now()),
      end: toIso(answeredAt),
      objects: [{ type: "purchase_order_line", id: `${order.id}/${number}` }],
      events: [],
      expected: {
        finding: "The leg is breached and ends late.",
        flow: "procure-to-pay",
        leg: "acknowledgement",
        verdict: "BREACHED",
      },
    });
}
