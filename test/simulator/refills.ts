import { HOUR, MINUTE } from "./demand.ts";
import { type Parcel, type Replenishment, toQuantity } from "./documents.ts";
import { strikeLate, strikeLost } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";

/** The technician carries what was received to the shelf that waits for it. */
export function refillShelf(
  simulation: Simulation,
  received: { parcel: Parcel; receipt: string; random: Random },
  now: number,
) {
  const { parcel, random } = received;
  const { isCritical, id } = parcel.line.requisition.replenishment;
  const isLate = !parcel.line.isStruck && random.isHit(simulation.options.faults.late);
  const usualMs = isCritical ? random.around(8, 18, 44) * MINUTE : random.around(18, 55, 170) * MINUTE;
  const refilledAt = Math.round(now + (isLate ? random.between(4.1, 8) * HOUR : usualMs));
  if (isLate) {
    parcel.line.isStruck = true;
    strikeLate(simulation, {
      onset: now,
      end: refilledAt,
      object: ["replenishment", id],
      leg: "medication-replenishment/refill",
    });
  }
  simulation.schedule(refilledAt, (at) => refill(simulation, received, at));
}

function refill(simulation: Simulation, received: { parcel: Parcel; receipt: string; random: Random }, now: number) {
  const { parcel, random, receipt } = received;
  const { replenishment } = parcel.line.requisition;
  const { item, site } = replenishment.shelf;
  const isLost = !parcel.line.isStruck && random.isHit(simulation.options.faults.lost);
  const draft = {
    type: "pharmacy.stock.refilled",
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: [...toObjects(replenishment), ["lot", parcel.lot] as const, ["goods_receipt", receipt] as const],
    attributes: { controlled: item.isControlled },
    measures: { quantity: { ...toQuantity(parcel.line, parcel.packs * item.packSize), unit: "EA" } },
  };
  const event = simulation.send(now, draft, { isLost });
  if (isLost) {
    parcel.line.isStruck = true;
    const object = ["replenishment", replenishment.id] as const;
    strikeLost(simulation, { at: now, event, object, leg: "medication-replenishment/refill" });
  }
  simulation.schedule(Math.round(now + random.around(0.5, 2, 6) * MINUTE), (at) =>
    makeAvailable(simulation, parcel, at),
  );
}

function makeAvailable(simulation: Simulation, parcel: Parcel, now: number) {
  const { replenishment } = parcel.line.requisition;
  const { item, site } = replenishment.shelf;
  simulation.send(now, {
    type: "pharmacy.stock.available",
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: toObjects(replenishment),
    measures: { on_hand: { value: String(replenishment.onHand + parcel.packs * item.packSize), unit: "EA" } },
  });
  replenishment.fill(now);
}

function toObjects({ id, shelf }: Replenishment) {
  return [
    ["replenishment", id] as const,
    ["item", shelf.item.id] as const,
    ["location", `${shelf.site.id}/${shelf.location}`] as const,
  ];
}
