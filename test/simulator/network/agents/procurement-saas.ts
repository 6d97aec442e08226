import { businessHours } from "../../business-hours.ts";
import type { Item, Supplier } from "../../catalogue.ts";
import { HOUR, MINUTE, SECOND } from "../../demand.ts";
import { type Order, type Request, request as requestNote } from "../native/notes.ts";
import { readAcknowledgement } from "../native/read-documents.ts";
import { writeNotice } from "../native/write-documents.ts";
import type { Answer, Behaviour, Desk } from "./agent.ts";
import type { World } from "./world.ts";

/** Requests that one hospital may make in an hour. */
const LIMIT = 6;
const RUN_EVERY = 2 * HOUR;
const LONGEST_WAIT_S = 600;

/** What is to be ordered, from whom, and under which number. */
interface Requisition {
  id: string;
  asked: Request;
  item: Item;
  supplier: Supplier;
  number: string;
}

/**
 * eProcurement, a service that others run: it takes so many requests an hour and none while it is down, makes requisitions of them, tells of
 * these by webhook, and orders every two hours, critical items at once. A line that is refused it orders again, as somebody corrected it.
 */
export function openProcurementService(desk: Desk, world: World): Behaviour {
  let requisitions = 0;
  const calls = new Map<string, number>();
  const lines = new Map<string, Requisition>();
  const wait = createOrderRuns(desk, world, lines);
  const take = (asked: Request) => {
    const item = world.catalogue.items.find(({ id }) => id === asked.item);
    if (item === undefined) return;
    requisitions += 1;
    const id = `REQ-${String(requisitions).padStart(6, "0")}`;
    const random = world.random(`requisition/${asked.replenishment}`);
    const up = (at: number) => world.incident("outage", toSource(asked.site)).postpone(at);
    const createdAt = up(
      desk.now() + (asked.isCritical ? random.around(15, 40, 110) : random.around(40, 150, 600)) * SECOND,
    );
    const approvedAt = up(createdAt + (random.isHit(0.12) ? random.around(3, 12, 55) * MINUTE : 6 * SECOND));
    desk.at(createdAt, () => tell(desk, { kind: "requisition.created", id, asked, unit: item.orderUnit }));
    desk.at(approvedAt, () => {
      tell(desk, { kind: "requisition.approved", id, asked, unit: item.orderUnit });
      wait(mistakeWhenChosen(world, { id, asked, item, supplier: item.supplier, number: item.id }, desk.now()));
    });
  };
  return {
    answer: ({ path, body }) => {
      if (path !== "/v1/below-par") return { status: 404, headers: {}, body: "" };
      const asked = requestNote.parse(JSON.parse(body));
      const answer = admit({ world, calls, now: desk.now() }, asked.site);
      if (answer.status === 202) take(asked);
      return answer;
    },
    hear: ({ text }) => {
      for (const { orderLine, status } of readAcknowledgement(text).lines) {
        const requisition = lines.get(orderLine);
        if (requisition === undefined || (status !== "R1" && status !== "R2")) continue;
        // Nobody reads a refusal before the acknowledgement is overdue.
        const { item } = requisition;
        const supplier =
          requisition.supplier === item.supplier && requisition.number === item.id ? item.alternative : item.supplier;
        desk.at(businessHours.add(desk.now(), 5 * HOUR), () => wait({ ...requisition, supplier, number: item.id }));
      }
    },
  };
}

/** Orders what waits, by site and supplier every two hours, critical items at once; keeps which line is of which requisition. */
function createOrderRuns(desk: Desk, world: World, lines: Map<string, Requisition>) {
  let orders = 0;
  const baskets = new Map<string, Requisition[]>();
  const place = (requisitions: readonly Requisition[]) => {
    orders += 1;
    const order = toOrder(`45${String(orders).padStart(8, "0")}`, requisitions);
    order.lines.forEach(({ id }, index) => {
      const requisition = requisitions[index];
      if (requisition === undefined) return;
      lines.set(id, requisition);
      noteMistake(desk, requisition, id);
    });
    for (const to of ["procurement", "accounts-payable", "pharmacy"]) desk.send(to, "order", JSON.stringify(order));
  };
  return (requisition: Requisition) => {
    if (requisition.asked.isCritical) return place([requisition]);
    const key = `${requisition.asked.site}/${requisition.supplier.id}`;
    const basket = baskets.get(key) ?? [];
    baskets.set(key, [...basket, requisition]);
    if (basket.length > 0) return;
    const offset = world.random(`run/${key}`).whole(0, RUN_EVERY / MINUTE - 1) * MINUTE;
    desk.at(Math.ceil((desk.now() - offset) / RUN_EVERY) * RUN_EVERY + offset, () => {
      const waiting = baskets.get(key) ?? [];
      baskets.delete(key);
      place(waiting);
    });
  };
}

const toSource = (site: string) => `/procurement/${site}`;

/** Whether a request is taken, with what is left of the limit; else when to come again. */
function admit({ world, calls, now }: { world: World; calls: Map<string, number>; now: number }, site: string): Answer {
  const outage = world.incident("outage", toSource(site)).find(now);
  if (outage !== undefined) {
    const seconds = Math.min(LONGEST_WAIT_S, Math.ceil((outage.end - now) / SECOND));
    return { status: 503, headers: { "retry-after": String(seconds) }, body: "" };
  }
  const hour = Math.floor(now / HOUR);
  const key = `${site}/${hour}`;
  const used = calls.get(key) ?? 0;
  const limit = { "x-ratelimit-limit": String(LIMIT), "x-ratelimit-remaining": String(Math.max(0, LIMIT - used - 1)) };
  if (used >= LIMIT) {
    const seconds = Math.ceil(((hour + 1) * HOUR - now) / SECOND);
    return { status: 429, headers: { ...limit, "retry-after": String(seconds) }, body: "" };
  }
  for (const known of calls.keys()) if (!known.endsWith(`/${hour}`)) calls.delete(known);
  calls.set(key, used + 1);
  return { status: 202, headers: limit, body: "" };
}

/** Now and then the master data have the wrong supplier for an item, or a number that no supplier knows. */
function mistakeWhenChosen(world: World, requisition: Requisition, now: number): Requisition {
  const { item } = requisition;
  const rates = world.ratesAt(now);
  const random = world.random(`mistake/${requisition.id}`);
  const others = world.catalogue.suppliers.filter((each) => each !== item.supplier && each !== item.alternative);
  if (random.isHit(rates.wrongVendor) && others.length > 0) return { ...requisition, supplier: random.pick(others) };
  if (random.isHit(rates.wrongItem)) return { ...requisition, number: `99999${item.id.slice(5)}` };
  return requisition;
}

function noteMistake(desk: Desk, { supplier, number, item }: Requisition, line: string) {
  const isWrongItem = number !== item.id;
  if (!isWrongItem && (supplier === item.supplier || supplier === item.alternative)) return;
  desk.note({
    kind: isWrongItem ? "wrong-item" : "wrong-vendor",
    onset: new Date(desk.now()).toISOString(),
    end: null,
    objects: [{ type: "purchase_order_line", id: line }],
    events: [],
    expected: {
      finding: `The supplier refuses the line with ${isWrongItem ? "R2" : "R1"}, and its acknowledgement is breached.`,
      flow: "procure-to-pay",
      leg: "acknowledgement",
    },
  });
}

function toOrder(id: string, requisitions: readonly Requisition[]): Order {
  const [first] = requisitions;
  return {
    id,
    site: first?.asked.site ?? "",
    supplier: first?.supplier.id ?? "",
    lines: requisitions.map(({ id: requisition, asked, item, number }, index) => ({
      id: `${id}/${(index + 1) * 10}`,
      requisition,
      replenishment: asked.replenishment,
      item: number,
      packs: asked.packs,
      unit: item.orderUnit,
      priceCents: item.priceCents,
    })),
  };
}

function tell(desk: Desk, notice: { kind: string; id: string; asked: Request; unit: string }) {
  const { id, asked } = notice;
  const objects = [["requisition", id] as const, ["replenishment", asked.replenishment] as const];
  desk.say({ format: "json", text: writeNotice({ ...notice, at: desk.now() }), source: toSource(asked.site), objects });
}
