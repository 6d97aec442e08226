import { type Event, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { SECOND } from "./demand.ts";
import { noteDrift } from "./contracts.ts";
import { strikeCorrupted } from "./faults.ts";
import { AHEAD_MS, holdBack, noteOnce } from "./incidents.ts";
import { type Random, createRandom } from "./random.ts";
import type { Delivery, Simulation } from "./simulation.ts";

/** Brings the word of an event on its way, on which it may be lost, held back, damaged, doubled, or refused for its time. */
export function deliver(
  simulation: Simulation,
  { event, now, delivery, random }: { event: Event; now: number; delivery: Delivery; random: Random },
) {
  const { source } = event;
  const outages = simulation.outages(source);
  const isHeartbeat = event.type === HEARTBEAT_TYPE;
  const leftAt = outages.postpone(now) + (delivery.heldMs ?? 0);
  const usualAt = outages.postpone(leftAt) + toLatency(source, random);
  const sendAt = Math.ceil(isHeartbeat ? usualAt : holdBack(simulation, source, usualAt));
  if (delivery.isLost !== true && !isRefused(simulation, event, { now, sendAt })) {
    simulation.outbox.add(sendAt, { kind: "event", sendAt, event });
    noteDrift(simulation, event, now);
  }
  if (!isHeartbeat && random.isHit(simulation.options.faults.doubled) && delivery.isLost !== true) {
    const againAt = Math.ceil(outages.postpone(sendAt + random.between(1, 900) * SECOND));
    sendAgain(simulation, { event, sendAt, againAt: Math.ceil(holdBack(simulation, source, againAt)) });
  }
}

/** Messages of suppliers are fetched from a mailbox every minute; the others come at once. */
function toLatency(source: string, random: Random): number {
  return source.startsWith("/edi/") ? random.between(2, 60) * SECOND : random.between(0.15, 1.5) * SECOND;
}

/** Sends what the gateway has to refuse in place of an event whose clock is ahead, or that was damaged. */
function isRefused(simulation: Simulation, event: Event, { now, sendAt }: { now: number; sendAt: number }): boolean {
  const drift = simulation.incident("clock-drift", event.source).find(now);
  if (drift !== undefined) {
    const time = new Date(sendAt + AHEAD_MS).toISOString();
    simulation.sendMalformed(sendAt, { ...event, time });
    noteOnce(simulation, { kind: "clock-drift", of: event.source, incident: drift, at: now }, { finding: CLOCK });
    return true;
  }
  const rate = simulation.options.faults.corrupted;
  if (rate === 0 || !CORRUPTIBLE.has(event.type)) return false;
  if (!createRandom(simulation.options.seed, `corrupt/${event.source}/${event.id}`).isHit(rate)) return false;
  const data = typeof event.data === "object" && event.data !== null ? event.data : {};
  // What would hide another fault, a refusal that is to be seen, arrives.
  if (data.outcome === "rejected") return false;
  const objects = (data.objects ?? []).map(({ type, id }) => ({ type, id: id.replaceAll("/", "\u0001") }));
  simulation.sendMalformed(sendAt, { ...event, type: `${event.type}\u0000`, data: { ...data, objects } });
  strikeCorrupted(simulation, { at: now, event });
  return true;
}

const CLOCK = "Events of the source are refused, since they lie ahead of the clock.";
const CORRUPTIBLE = new Set(["supplier.purchase_order.acknowledged", "supplier.shipment.notified"]);

function sendAgain(simulation: Simulation, copy: { event: Event; sendAt: number; againAt: number }) {
  const { event, sendAt, againAt } = copy;
  simulation.outbox.add(againAt, { kind: "event", sendAt: againAt, event });
  const objects = typeof event.data === "object" ? (event.data?.objects ?? []) : [];
  simulation.recordFault(sendAt, {
    kind: "doubled",
    onset: new Date(sendAt).toISOString(),
    end: new Date(againAt).toISOString(),
    objects: objects.slice(0, 1).map(({ type, id }) => ({ type, id })),
    events: [{ source: event.source, id: event.id }],
    expected: { finding: "The second copy is counted as a duplicate and changes no figure." },
  });
}
