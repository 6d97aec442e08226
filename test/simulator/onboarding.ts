import { businessHours } from "./business-hours.ts";
import type { Supplier } from "./catalogue.ts";
import { HOUR } from "./demand.ts";
import type { Order, OrderLine } from "./documents.ts";
import { strikeLate } from "./faults.ts";
import { startHeartbeat } from "./heartbeats.ts";
import { NEW_SUPPLIERS } from "./names.ts";
import { placeOrder } from "./orders.ts";
import type { Random } from "./random.ts";
import type { EventDraft, Simulation } from "./simulation.ts";
import { ERP, PROCUREMENT_DESK } from "./sources.ts";

/** Hours of work between two requests, at least and at most. */
const EVERY_HOURS = [4, 20] as const;
const DECLINED_SHARE = 0.1;
const KNOWN_SHARE = 0.12;
/** Requests are few; so that some go wrong, they do it this many times as often as other steps. */
const FAULTS_MORE_OFTEN = 6;

interface Request {
  id: string;
  supplier: Supplier;
  random: Random;
}

/** Now and then somebody asks for a supplier, who is looked at, entered, connected and tried with a first order. */
export function startOnboarding(simulation: Simulation, now: number) {
  awaitRequest(simulation, simulation.random("onboarding"), now);
}

function awaitRequest(simulation: Simulation, random: Random, now: number) {
  const requestedAt = businessHours.add(now, Math.round(random.between(...EVERY_HOURS) * HOUR));
  simulation.schedule(requestedAt, (at) => {
    awaitRequest(simulation, random, at);
    request(simulation, at);
  });
}

function request(simulation: Simulation, now: number) {
  const number = simulation.number("supplier-request", 3);
  const random = simulation.random(`onboarding/${number}`);
  const made = { id: `SR-${number}`, supplier: createNewcomer(number, random), random };
  const category = random.pick(["oncology", "generics", "sterile compounding", "vaccines"]);
  send(simulation, { made, type: "procurement.supplier.requested", attributes: { category } }, now);
  const checkedAt = work(now, random.around(4, 14, 36));
  if (random.isHit(DECLINED_SHARE)) {
    const attributes = { cause: "no state licence as a wholesaler" };
    simulation.schedule(checkedAt, (at) =>
      send(simulation, { made, type: "procurement.supplier.declined", attributes }, at),
    );
    return;
  }
  simulation.schedule(checkedAt, (at) => clear(simulation, made, at));
}

function createNewcomer(number: string, random: Random): Supplier {
  const count = Number(number.slice(-3)) - 1;
  const name = NEW_SUPPLIERS[count % NEW_SUPPLIERS.length] ?? "NEWCOMER";
  const round = Math.floor(count / NEW_SUPPLIERS.length);
  const soonest = random.between(4, 5.5);
  return {
    id: round === 0 ? name : `${name}${round + 1}`,
    leadHours: [soonest, soonest + 3],
    termDays: 30,
    backorderShare: 0,
  };
}

function clear(simulation: Simulation, made: Request, now: number) {
  const { random, supplier } = made;
  send(simulation, { made, type: "procurement.supplier.cleared" }, now);
  const type = "erp.vendor.created";
  const objects = [["supplier", supplier.id] as const];
  const enteredAt = simulation.outages(ERP).postpone(work(now, random.around(2, 5, 8)));
  const isKnown = random.isHit(KNOWN_SHARE);
  if (isKnown)
    simulation.schedule(enteredAt, (at) =>
      send(
        simulation,
        { made, type, source: ERP, objects, attributes: { tax_number_known: true }, error: DUPLICATE_VENDOR },
        at,
      ),
    );
  // Where the tax number is known, the existing vendor is extended.
  const createdAt = isKnown ? simulation.outages(ERP).postpone(work(enteredAt, random.between(1, 7))) : enteredAt;
  simulation.schedule(createdAt, (at) => {
    send(simulation, { made, type, source: ERP, objects, attributes: { tax_number_known: isKnown } }, at);
    certify(simulation, made, at);
  });
}

const DUPLICATE_VENDOR = {
  class: "duplicate",
  code: "TAX_NUMBER",
  message: "A vendor with this tax number exists",
  retryable: false,
} as const;

const WRONG_SENDER = {
  class: "contract",
  code: "ISA06",
  message: "The interchange names another sender than was agreed",
  retryable: false,
} as const;

/** Test orders go to and fro; with a wrong interchange id they are refused and take longer than they may. */
function certify(simulation: Simulation, made: Request, now: number) {
  const { random, supplier, id } = made;
  const type = "supplier.connection.certified";
  const source = `/edi/${supplier.id}`;
  const objects = [["supplier_connection", `${supplier.id}/as2`] as const];
  const isLate = random.isHit(simulation.options.faults.late * FAULTS_MORE_OFTEN);
  const certifiedAt = simulation
    .outages(source)
    .postpone(work(now, isLate ? random.between(56, 66) : random.around(6, 14, 36)));
  if (isLate) {
    const leg = "supplier-onboarding/certification";
    strikeLate(simulation, { onset: now, end: certifiedAt, object: ["supplier_request", id], leg });
    simulation.schedule(work(now, random.between(6, 20)), (at) =>
      send(simulation, { made, type, source, objects, error: WRONG_SENDER }, at),
    );
  }
  simulation.schedule(certifiedAt, (at) => {
    send(simulation, { made, type, source, objects }, at);
    startHeartbeat(simulation, { source, site: "" }, at);
    simulation.schedule(work(at, random.around(1, 4, 10)), () =>
      simulation.newcomers.push(orderFirst(simulation, made)),
    );
  });
}

/** Takes the next requisition that is in no hurry for the supplier's first live order. */
function orderFirst(simulation: Simulation, made: Request): Simulation["newcomers"][number] {
  const { supplier } = made;
  const onIssued = (order: Order, line: OrderLine, now: number) =>
    send(
      simulation,
      {
        made,
        type: "procurement.supplier.first_ordered",
        objects: [
          ["purchase_order_line", line.id],
          ["message", order.message],
          ["supplier", supplier.id],
        ],
        attributes: { transaction: "850" },
      },
      now,
    );
  return (requisition, now) => placeOrder(simulation, [{ ...requisition, supplier, onIssued }], now);
}

function work(from: number, hours: number): number {
  return businessHours.add(from, Math.round(hours * HOUR));
}

function send(
  simulation: Simulation,
  told: {
    made: Request;
    type: string;
    source?: string;
    objects?: EventDraft["objects"];
    attributes?: Record<string, string | boolean>;
    error?: EventDraft["error"];
  },
  now: number,
) {
  const { made, type, source = PROCUREMENT_DESK, objects = [], attributes, error } = told;
  simulation.send(now, {
    type,
    source,
    site: "",
    objects: [["supplier_request", made.id], ...objects],
    ...(attributes === undefined ? {} : { attributes }),
    ...(error === undefined ? {} : { outcome: "rejected", error }),
  });
}
