import { businessHours } from "./business-hours.ts";
import type { Item } from "./catalogue.ts";
import { HOUR, MINUTE } from "./demand.ts";
import { strikeLate, strikeLost } from "./faults.ts";
import type { Random } from "./random.ts";
import type { EventDraft, Simulation } from "./simulation.ts";
import { ERP, PHARMACY_DESK, PROCUREMENT_DESK } from "./sources.ts";

/** Hours of work between two decisions, at least and at most. */
const EVERY_HOURS = [0.5, 3] as const;
const URGENT_SHARE = 0.2;
const WITHDRAWN_SHARE = 0.03;
const SUBSCRIBERS = ["ehr", "cabinets", "eprocurement", "wholesaler", "billing"] as const;
/** The subscriber's own targets, in hours. */
const TARGET_HOURS = { urgent: 4, routine: 24 };
type Hours = [least: number, usual: number, most: number];

/** How long master and crosswalk take, and then each subscriber, in hours: least, usual, most. */
const PACE: Record<"urgent" | "routine", Record<"desk" | "subscriber", Hours>> = {
  urgent: { desk: [0.05, 0.2, 0.7], subscriber: [0.05, 0.4, 1.4] },
  routine: { desk: [0.3, 1.5, 5], subscriber: [0.3, 2, 11] },
};

interface Version {
  /** item / version. */
  id: string;
  item: Item;
  urgency: keyof typeof PACE;
  random: Random;
}

/** The formulary decides on items during working hours, and every system takes the decision over. */
export function startItemSync(simulation: Simulation, now: number) {
  awaitDecision(simulation, simulation.random("formulary"), now);
}

function awaitDecision(simulation: Simulation, random: Random, now: number) {
  const decidedAt = businessHours.add(now, Math.round(random.between(...EVERY_HOURS) * HOUR));
  simulation.schedule(decidedAt, (at) => {
    awaitDecision(simulation, random, at);
    decide(simulation, random.pick(simulation.catalogue.items), at);
  });
}

function decide(simulation: Simulation, item: Item, now: number) {
  const id = `${item.id}/v${simulation.number("item-version", 3)}`;
  const random = simulation.random(`item-version/${id}`);
  const urgency = random.isHit(URGENT_SHARE) ? "urgent" : "routine";
  const version: Version = { id, item, urgency, random };
  send(simulation, { version, type: "pharmacy.formulary.decided", attributes: { urgency, ndc_11: item.id } }, now);
  if (random.isHit(WITHDRAWN_SHARE)) {
    simulation.schedule(Math.round(now + random.between(2, 15) * MINUTE), (at) =>
      send(simulation, { version, type: "pharmacy.formulary.withdrawn" }, at),
    );
    return;
  }
  const deskMs = () => Math.round(random.around(...PACE[urgency].desk) * HOUR);
  const masteredAt = simulation.outages(ERP).postpone(now + deskMs());
  const publishedAt = masteredAt + deskMs();
  const attributes = { urgency };
  simulation.schedule(masteredAt, (at) =>
    send(simulation, { version, type: "erp.item.changed", source: ERP, attributes }, at),
  );
  simulation.schedule(publishedAt, (at) =>
    send(simulation, { version, type: "pharmacy.crosswalk.published", attributes }, at),
  );
  for (const subscriber of SUBSCRIBERS) awaitSubscriber(simulation, { version, subscriber, publishedAt }, now);
}

/** One that cannot read the NDC refuses the version first and takes it over late; of another the word is lost. */
function awaitSubscriber(
  simulation: Simulation,
  told: { version: Version; subscriber: (typeof SUBSCRIBERS)[number]; publishedAt: number },
  decidedAt: number,
) {
  const { version, subscriber, publishedAt } = told;
  const { random, urgency } = version;
  const { faults } = simulation.options;
  const usualAt = Math.round(publishedAt + random.around(...PACE[urgency].subscriber) * HOUR);
  const isLate = random.isHit(faults.late);
  const isLost = random.isHit(faults.lost) && !isLate;
  const draft = {
    version,
    type: "pharmacy.formulary.confirmed",
    source: toSource(version, subscriber),
    attributes: { subscriber },
  };
  const object = ["item_version", version.id] as const;
  const leg = `item-formulary-sync/confirmation-${subscriber}`;
  if (isLate) {
    const lateAt = Math.round(decidedAt + (TARGET_HOURS[urgency] + random.between(0.5, 5)) * HOUR);
    strikeLate(simulation, { onset: decidedAt, end: lateAt, object, leg });
    simulation.schedule(usualAt, (at) => send(simulation, { ...draft, error: LEADING_ZERO }, at));
    simulation.schedule(lateAt, (at) => send(simulation, draft, at));
    return;
  }
  simulation.schedule(usualAt, (at) => {
    const event = send(simulation, { ...draft, isLost }, at);
    if (isLost) strikeLost(simulation, { at, event, object, leg });
  });
}

const LEADING_ZERO = {
  class: "mapping",
  code: "NDC_LENGTH",
  message: "The NDC has ten digits where eleven are expected",
  retryable: false,
} as const;

function toSource({ item }: Version, subscriber: (typeof SUBSCRIBERS)[number]): string {
  if (subscriber === "wholesaler") return `/edi/${item.supplier.id}`;
  if (subscriber === "eprocurement") return PROCUREMENT_DESK;
  return subscriber === "billing" ? ERP : PHARMACY_DESK;
}

function send(
  simulation: Simulation,
  told: {
    version: Version;
    type: string;
    source?: string;
    attributes?: Record<string, string>;
    error?: EventDraft["error"];
    isLost?: boolean;
  },
  now: number,
) {
  const { version, type, source = PHARMACY_DESK, attributes, error, isLost = false } = told;
  return simulation.send(
    now,
    {
      type,
      source,
      site: "",
      objects: [
        ["item_version", version.id],
        ["item", version.item.id],
      ],
      ...(attributes === undefined ? {} : { attributes }),
      ...(error === undefined ? {} : { outcome: "rejected", error }),
    },
    { isLost },
  );
}
