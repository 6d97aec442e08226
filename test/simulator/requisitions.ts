import { takeItemCall } from "./contracts.ts";
import { MINUTE, SECOND } from "./demand.ts";
import { type Replenishment, type Requisition, toCriticality } from "./documents.ts";
import { strikeLate } from "./faults.ts";
import { placeOrder, waitForOrderRun } from "./orders.ts";
import type { Simulation } from "./simulation.ts";
import type { Trace } from "./trace.ts";
import { traceRequisition } from "./traces.ts";

const CANCELLED_SHARE = 0.004;
const APPROVED_BY_PERSON_SHARE = 0.12;

/** The cabinet reports the fall; eProcurement answers with a requisition. */
export function requestReplenishment(simulation: Simulation, replenishment: Replenishment) {
  const { fellAt, id, isCritical, random, shelf } = replenishment;
  const requisition = {
    id: `REQ-${simulation.number("requisition", 5)}`,
    replenishment,
    supplier: shelf.item.supplier,
  };
  const reportedAt = simulation.outages(`/cabinet/${shelf.site.id}`).postpone(fellAt);
  const handlingMs = isCritical ? random.around(15, 40, 110) * SECOND : random.around(40, 150, 600) * SECOND;
  const lateMs = random.isHit(simulation.options.faults.late) ? toLateMs(replenishment) : 0;
  const createdAt = simulation
    .outages(`/procurement/${shelf.site.id}`)
    .postpone(Math.round(reportedAt + handlingMs + lateMs));
  const trace = traceWhenChosen(simulation, requisition, createdAt);
  sendBelowPar(simulation, replenishment, trace);
  if (lateMs > 0)
    strikeLate(simulation, {
      onset: fellAt,
      end: createdAt,
      object: ["replenishment", id],
      leg: "medication-replenishment/requisition",
    });
  simulation.schedule(createdAt, (now) => createRequisition(simulation, { requisition, trace }, now));
}

function createRequisition(
  simulation: Simulation,
  made: { requisition: Requisition; trace: Trace | undefined },
  now: number,
) {
  const { requisition, trace } = made;
  const { isCritical, random } = requisition.replenishment;
  sendRequisition(simulation, made, now);
  if (trace !== undefined) simulation.sendSpans(now + 5 * SECOND, trace.spans);
  if (!isCritical && random.isHit(CANCELLED_SHARE)) {
    const cancelledAt = Math.round(now + random.between(5, 40) * MINUTE);
    simulation.schedule(cancelledAt, (at) => cancel(simulation, requisition.replenishment, at));
    return;
  }
  const isByPerson = !isCritical && random.isHit(APPROVED_BY_PERSON_SHARE);
  const approvalMs = isByPerson ? random.around(3, 12, 55) * MINUTE : random.around(2, 6, 40) * SECOND;
  simulation.schedule(Math.round(now + approvalMs), (at) => approve(simulation, requisition, at));
}

function approve(simulation: Simulation, requisition: Requisition, now: number) {
  const { site } = requisition.replenishment.shelf;
  simulation.send(now, {
    type: "procurement.requisition.approved",
    source: `/procurement/${site.id}`,
    site: site.id,
    objects: [["requisition", requisition.id]],
  });
  const newcomer = requisition.replenishment.isCritical ? undefined : simulation.newcomers.shift();
  if (newcomer !== undefined) return newcomer(requisition, now);
  const sent = misdirectWhenChosen(simulation, requisition);
  if (requisition.replenishment.isCritical) placeOrder(simulation, [sent], now);
  else waitForOrderRun(simulation, sent, now);
}

/** Now and then the item has the wrong vendor in the master data of eProcurement. */
function misdirectWhenChosen(simulation: Simulation, requisition: Requisition): Requisition {
  const { wrongVendor } = simulation.options.faults;
  if (wrongVendor === 0) return requisition;
  const random = simulation.random(`vendor/${requisition.id}`);
  if (!random.isHit(wrongVendor)) return requisition;
  const { supplier: own, alternative } = requisition.replenishment.shelf.item;
  const others = simulation.catalogue.suppliers.filter((supplier) => supplier !== own && supplier !== alternative);
  return others.length === 0 ? requisition : { ...requisition, supplier: random.pick(others), isMisdirected: true };
}

/** The pharmacist moved stock from another ward: nobody waits for an order. */
function cancel(simulation: Simulation, replenishment: Replenishment, now: number) {
  const { site } = replenishment.shelf;
  simulation.send(now, {
    type: "pharmacy.replenishment.cancelled",
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: [["replenishment", replenishment.id]],
    attributes: { cause: "stock moved from another location" },
  });
  replenishment.fill(now);
}

function sendBelowPar(simulation: Simulation, replenishment: Replenishment, trace: Trace | undefined) {
  const { fellAt, id, isCritical, onHand, shelf } = replenishment;
  const { item, location, par, site } = shelf;
  simulation.send(fellAt, {
    type: "pharmacy.stock.below_par",
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: [
      ["replenishment", id],
      ["item", item.id],
      ["location", `${site.id}/${location}`],
    ],
    attributes: { criticality: toCriticality(isCritical), controlled: item.isControlled, item_name: item.name },
    measures: { on_hand: { value: String(onHand), unit: "EA" }, par: { value: String(par), unit: "EA" } },
    traceparent: trace?.traceparent(0),
  });
}

function sendRequisition(
  simulation: Simulation,
  made: { requisition: Requisition; trace: Trace | undefined },
  now: number,
) {
  const { id, isCritical, packs, shelf } = made.requisition.replenishment;
  const { item, location, site } = shelf;
  simulation.send(now, {
    type: "procurement.requisition.created",
    source: `/procurement/${site.id}`,
    site: site.id,
    objects: [
      ["requisition", made.requisition.id],
      ["replenishment", id],
      ["item", item.id],
      ["location", `${site.id}/${location}`],
    ],
    attributes: { criticality: toCriticality(isCritical) },
    measures: { quantity: { value: String(packs), unit: item.orderUnit } },
    traceparent: made.trace?.traceparent(2),
  });
}

function toLateMs({ isCritical, random }: Replenishment): number {
  return isCritical ? random.between(6, 25) * MINUTE : random.between(62, 150) * MINUTE;
}

function traceWhenChosen(simulation: Simulation, requisition: Requisition, createdAt: number): Trace | undefined {
  const rate = takeItemCall(simulation, createdAt);
  const { fellAt, id, shelf } = requisition.replenishment;
  const random = simulation.random(`trace/${requisition.id}`);
  if (!random.isHit(simulation.options.tracedShare)) return undefined;
  const place = { site: shelf.site.id, startsAt: fellAt };
  const objects = [["replenishment", id] as const, ["requisition", requisition.id] as const];
  return traceRequisition(random, place, { objects, ndc: shelf.item.id, createdMs: createdAt - fellAt, rate });
}
