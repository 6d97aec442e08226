import type { Shelf, Site } from "./catalogue.ts";
import { HOUR, MINUTE, SECOND, findTimeOfDemand } from "./demand.ts";
import { toMoney } from "./documents.ts";
import { strikeLate, strikeLost } from "./faults.ts";
import { awaitLedgerRun } from "./ledger-run.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { ERP } from "./sources.ts";

const PER_DAY = 110;
const GIVEN_BACK_SHARE = 0.04;
const WASTED_SHARE = 0.3;
const MAX_ROWS = 999;

interface Dispense {
  /** site / token. */
  id: string;
  movement: string;
  shelf: Shelf;
  pieces: number;
  random: Random;
  isStruck: boolean;
}

/** What a site dispenses, on its way to the books; what is valued waits for the run of the night. */
export function startDispenses(simulation: Simulation, now: number) {
  const desks = simulation.catalogue.sites.map((site, index): Desk => {
    const random = simulation.random(`dispenses/${site.id}`);
    return { site, company: `${index + 1}000`, random, valued: [] };
  });
  for (const desk of desks) awaitDispense(simulation, desk, now);
  awaitLedgerRun(
    simulation,
    {
      closeBatches: (at) => desks.forEach((desk) => closeBatches(simulation, desk, at)),
      listWaiting: () => desks.flatMap(({ valued }) => valued.map(({ movement }) => movement)),
    },
    now,
  );
}

interface Desk {
  site: Site;
  company: string;
  random: Random;
  /** Movements that the next run takes, and what each is worth. */
  valued: { movement: string; cents: number }[];
}

function awaitDispense(simulation: Simulation, desk: Desk, now: number) {
  const { site, random } = desk;
  const at = findTimeOfDemand(now, random.between(0.2, 1.8) / PER_DAY, simulation.options.pace);
  simulation.schedule(at, (time) => {
    awaitDispense(simulation, desk, time);
    const shelves = simulation.catalogue.shelves.filter((shelf) => shelf.site === site);
    const token = random.hex(16);
    const dispense = {
      id: `${site.id}/${token}`,
      movement: `SM-${simulation.number("movement", 6)}`,
      shelf: random.pick(shelves),
      pieces: random.whole(1, 4),
      random: simulation.random(`dispense/${token}`),
      isStruck: false,
    };
    record(simulation, { desk, dispense }, time);
  });
}

function record(simulation: Simulation, made: { desk: Desk; dispense: Dispense }, now: number) {
  const { dispense } = made;
  const { random } = dispense;
  const { item } = dispense.shelf;
  sendFromCabinet(
    simulation,
    { dispense, verb: "dispense.recorded", attributes: { controlled: item.isControlled } },
    now,
  );
  const isLate = strikeWhenHit(simulation, dispense);
  const decrementedAt = Math.round(now + (isLate ? random.between(65, 600) : random.around(4, 9, 45)) * SECOND);
  if (isLate) noteLate(simulation, dispense, { leg: "decrement", onset: now, end: decrementedAt });
  simulation.schedule(decrementedAt, (at) => decrement(simulation, made, at));
  if (!random.isHit(GIVEN_BACK_SHARE)) return;
  const givenBackAt = Math.round(now + random.between(0.3, 6) * HOUR);
  simulation.schedule(givenBackAt, (at) => giveBack(simulation, dispense, at));
}

function decrement(simulation: Simulation, made: { desk: Desk; dispense: Dispense }, now: number) {
  const { dispense } = made;
  const objects = [["stock_movement", dispense.movement] as const];
  sendFromCabinet(simulation, { dispense, verb: "stock.decremented", objects }, now);
  const usualAt = simulation.outages(ERP).postpone(now + dispense.random.around(0.5, 2, 9) * MINUTE);
  const isUnmapped = strikeWhenHit(simulation, dispense);
  const valuedAt = Math.round(usualAt + (isUnmapped ? dispense.random.between(0.5, 6) * HOUR : 0));
  if (isUnmapped) {
    simulation.schedule(Math.round(usualAt), (at) => sendUnmapped(simulation, dispense, at));
    noteLate(simulation, dispense, { leg: "valuation", onset: now, end: valuedAt });
  }
  simulation.schedule(valuedAt, (at) => {
    sendFromErp(simulation, { dispense, verb: "valued" }, at);
    made.desk.valued.push({ movement: dispense.movement, cents: toWorth(dispense) });
  });
}

function giveBack(simulation: Simulation, dispense: Dispense, now: number) {
  const { random } = dispense;
  const isWasted = random.isHit(WASTED_SHARE);
  const attributes = isWasted ? { witnessed: true } : { controlled: dispense.shelf.item.isControlled };
  sendFromCabinet(simulation, { dispense, verb: isWasted ? "dispense.wasted" : "dispense.returned", attributes }, now);
  if (!isWasted)
    simulation.schedule(Math.round(now + random.around(4, 9, 45) * SECOND), (at) =>
      sendFromCabinet(simulation, { dispense, verb: "stock.incremented" }, at),
    );
  const reversedAt = Math.round(simulation.outages(ERP).postpone(now + random.around(0.2, 2, 15) * HOUR));
  const isLost = strikeWhenHit(simulation, dispense);
  simulation.schedule(reversedAt, (at) => {
    const event = sendFromErp(simulation, { dispense, verb: "reversed", isLost }, at);
    const object = ["dispense", dispense.id] as const;
    if (isLost) strikeLost(simulation, { at, event, object, leg: "dispense-to-ledger/give-back" });
  });
}

/** What was valued goes to the ledger, in one batch or several. */
function closeBatches(simulation: Simulation, desk: Desk, now: number) {
  const from = { source: ERP, site: desk.site.id };
  while (desk.valued.length > 0) {
    const movements = desk.valued.splice(0, MAX_ROWS);
    const batch = ["posting_batch", `${desk.company}/D-${simulation.number("batch", 4)}`] as const;
    const objects = [batch, ...movements.map(({ movement }) => ["stock_movement", movement] as const)];
    const measures = { amount: toMoney(movements.reduce((sum, { cents }) => sum + cents, 0)) };
    simulation.send(now, {
      type: "erp.posting_batch.closed",
      ...from,
      objects,
      measures,
      attributes: { rows: movements.length },
    });
    const postedAt = simulation.outages(ERP).postpone(now + desk.random.around(8, 25, 90) * MINUTE);
    const entry = ["journal_entry", `${desk.company}/${new Date(now).getUTCFullYear()}/${batch[1].slice(5)}`] as const;
    simulation.schedule(Math.round(postedAt), (at) =>
      simulation.send(at, { type: "erp.journal_entry.posted", ...from, objects: [batch, entry], measures }),
    );
  }
}

function strikeWhenHit(simulation: Simulation, dispense: Dispense): boolean {
  if (dispense.isStruck || !dispense.random.isHit(simulation.options.faults.late / 2)) return false;
  dispense.isStruck = true;
  return true;
}

function noteLate(simulation: Simulation, { id }: Dispense, late: { leg: string; onset: number; end: number }) {
  strikeLate(simulation, { ...late, object: ["dispense", id], leg: `dispense-to-ledger/${late.leg}` });
}

function sendFromCabinet(
  simulation: Simulation,
  told: {
    dispense: Dispense;
    verb: string;
    objects?: readonly (readonly [string, string])[];
    attributes?: Record<string, boolean>;
  },
  now: number,
) {
  const { dispense, verb, objects = [], attributes } = told;
  const { site, location, item } = dispense.shelf;
  simulation.send(now, {
    type: `pharmacy.${verb}`,
    source: `/cabinet/${site.id}`,
    site: site.id,
    objects: [["dispense", dispense.id], ...objects, ["item", item.id], ["location", `${site.id}/${location}`]],
    measures: { quantity: { value: String(dispense.pieces), unit: "EA" } },
    ...(attributes === undefined ? {} : { attributes }),
  });
}

function sendFromErp(
  simulation: Simulation,
  told: { dispense: Dispense; verb: "valued" | "reversed"; isLost?: boolean },
  now: number,
) {
  const { dispense, verb, isLost = false } = told;
  const { site, item } = dispense.shelf;
  const draft = {
    type: `erp.stock_movement.${verb}`,
    source: ERP,
    site: site.id,
    objects: [["stock_movement", dispense.movement] as const, ["item", item.id] as const],
    measures: { quantity: { value: String(dispense.pieces), unit: "EA" }, amount: toMoney(toWorth(dispense)) },
  };
  return simulation.send(now, draft, { isLost });
}

/** In cents, by the price of the pack. */
function toWorth({ shelf: { item }, pieces }: Dispense): number {
  return Math.round((item.priceCents / item.packSize) * pieces);
}

function sendUnmapped(simulation: Simulation, dispense: Dispense, now: number) {
  const { site, item } = dispense.shelf;
  simulation.send(now, {
    type: "erp.stock_movement.valued",
    source: ERP,
    site: site.id,
    objects: [
      ["stock_movement", dispense.movement],
      ["item", item.id],
    ],
    outcome: "failed",
    error: { class: "mapping", code: "NDC_UNKNOWN", message: `No item for NDC ${item.id}`, retryable: false },
  });
}
