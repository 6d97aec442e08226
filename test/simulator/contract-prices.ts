import { businessHours } from "./business-hours.ts";
import type { Item } from "./catalogue.ts";
import { DAY, HOUR, findNextLocal } from "./demand.ts";
import { toMoney } from "./documents.ts";
import { strikeLate, strikeLost } from "./faults.ts";
import type { Random } from "./random.ts";
import type { EventDraft, Simulation } from "./simulation.ts";
import { ERP, PROCUREMENT_DESK } from "./sources.ts";

/** Hours of work between two contracts, at least and at most. */
const EVERY_HOURS = [3, 14] as const;
const WITHDRAWN_SHARE = 0.03;
const SYSTEMS = ["erp", "eprocurement", "wholesaler"] as const;

interface Price {
  /** supplier / contract / tier / item / unit / first day. */
  id: string;
  contract: string;
  item: Item;
  tier: string;
  /** The first day on which it counts, as a date. */
  from: string;
  cents: number;
  random: Random;
}

/** Contract administration signs prices during working hours; every system has them a day before they count. */
export function startContractPrices(simulation: Simulation, now: number) {
  awaitContract(simulation, simulation.random("contracts"), now);
}

function awaitContract(simulation: Simulation, random: Random, now: number) {
  const signedAt = businessHours.add(now, Math.round(random.between(...EVERY_HOURS) * HOUR));
  simulation.schedule(signedAt, (at) => {
    awaitContract(simulation, random, at);
    signContract(simulation, random, at);
  });
}

/** A few prices of one supplier that count from the same day on. */
function signContract(simulation: Simulation, random: Random, now: number) {
  const supplier = random.pick(simulation.catalogue.suppliers);
  const items = simulation.catalogue.items.filter((item) => item.supplier === supplier);
  const contract = `C-${simulation.number("contract", 3)}`;
  const tier = random.pick(["T1", "T2", "T3"]);
  const from = new Date(now + random.whole(6, 8) * DAY).toISOString().slice(0, 10);
  const chosen = new Set(Array.from({ length: random.whole(2, 5) }, () => random.pick(items)));
  for (const item of chosen) {
    const id = [supplier.id, contract, tier, item.id, item.orderUnit, from].join("/");
    const cents = Math.max(1, Math.round(item.priceCents * random.between(0.88, 1.06)));
    signPrice(simulation, { id, contract, item, tier, from, cents, random: simulation.random(`price/${id}`) }, now);
  }
}

function signPrice(simulation: Simulation, price: Price, now: number) {
  const { random, from, tier } = price;
  send(simulation, { price, verb: "signed", attributes: { effective_from: from, tier } }, now);
  if (random.isHit(WITHDRAWN_SHARE)) {
    simulation.schedule(Math.round(now + random.between(0.2, 1) * HOUR), (at) =>
      send(simulation, { price, verb: "withdrawn" }, at),
    );
    return;
  }
  for (const system of SYSTEMS) load(simulation, { price, system }, now);
  const { faults } = simulation.options;
  const firstDay = findNextLocal(Date.parse(from), 6, 0);
  const isLate = random.isHit(faults.late);
  const usedAt = Math.round(
    isLate ? firstDay + random.between(24, 60) * HOUR : firstDay + random.around(0, 2, 8) * HOUR,
  );
  if (isLate)
    strikeLate(simulation, {
      onset: now,
      end: usedAt,
      object: ["contract_price", price.id],
      leg: "contract-price-sync/effect",
    });
  simulation.schedule(usedAt, (at) => send(simulation, { price, verb: "effective" }, at));
}

/** One that has the wrong tier or unit refuses the price first and loads it late; of another the word is lost. */
function load(simulation: Simulation, told: { price: Price; system: (typeof SYSTEMS)[number] }, signedAt: number) {
  const { price, system } = told;
  const { random } = price;
  const { faults } = simulation.options;
  const usualAt = businessHours.add(signedAt, Math.round(random.around(1, 3, 9) * HOUR));
  const isLate = random.isHit(faults.late);
  const isLost = random.isHit(faults.lost) && !isLate;
  const source = toSource(price, system);
  const draft = { price, verb: "loaded", source, attributes: { system } };
  const object = ["contract_price", price.id] as const;
  const leg = `contract-price-sync/loading-${system}`;
  if (isLate) {
    const lateAt = Math.round(Date.parse(price.from) + random.between(-12, 30) * HOUR);
    strikeLate(simulation, { onset: signedAt, end: lateAt, object, leg });
    simulation.schedule(usualAt, (at) => send(simulation, { ...draft, error: WRONG_TIER }, at));
    simulation.schedule(lateAt, (at) => send(simulation, draft, at));
    return;
  }
  simulation.schedule(source === ERP ? simulation.outages(ERP).postpone(usualAt) : usualAt, (at) => {
    const event = send(simulation, { ...draft, isLost }, at);
    if (isLost) strikeLost(simulation, { at, event, object, leg });
  });
}

const WRONG_TIER = {
  class: "business_rule",
  code: "TIER",
  message: "The site does not belong to the tier of this price",
  retryable: false,
} as const;

function toSource({ item }: Price, system: (typeof SYSTEMS)[number]): string {
  if (system === "wholesaler") return `/edi/${item.supplier.id}`;
  return system === "erp" ? ERP : PROCUREMENT_DESK;
}

function send(
  simulation: Simulation,
  told: {
    price: Price;
    verb: string;
    source?: string;
    attributes?: Record<string, string>;
    error?: EventDraft["error"];
    isLost?: boolean;
  },
  now: number,
) {
  const { price, verb, source = PROCUREMENT_DESK, attributes, error, isLost = false } = told;
  return simulation.send(
    now,
    {
      type: `procurement.contract_price.${verb}`,
      source,
      site: "",
      objects: [
        ["contract_price", price.id],
        ["contract", `${price.item.supplier.id}/${price.contract}`],
        ["item", price.item.id],
        ["supplier", price.item.supplier.id],
      ],
      ...(attributes === undefined ? {} : { attributes }),
      ...(error === undefined ? {} : { outcome: "rejected", error }),
      measures: { price: toMoney(price.cents) },
    },
    { isLost },
  );
}
