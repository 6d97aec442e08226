import { type Catalogue, type Shelf, createCatalogue } from "../../catalogue.ts";
import type { Pace } from "../../demand.ts";
import { AHEAD_MS, type IncidentKind } from "../../incidents.ts";
import { type OutageCalendar, toOutageCalendar } from "../../outages.ts";
import { type Random, createRandom } from "../../random.ts";
import type { FaultRates } from "../../truth.ts";
import type { Scenario } from "../scenario.ts";
import { toTrade } from "../stage.ts";

/** What holds for all systems: master data, what a scenario does to them, and chance. */
export interface World {
  /** Unix milliseconds at which it begins. */
  from: number;
  catalogue: Catalogue;
  pace: Pace;
  random(name: string): Random;
  ratesAt(now: number): FaultRates;
  incident(kind: IncidentKind, of: string): OutageCalendar;
}

/** The same for the same scenario, seed and beginning. */
export function createWorld(scenario: Scenario, { seed, from }: { seed: number; from: number }): World {
  const { faults: ratesAt, incidents, hospitals, suppliers, items, pace } = toTrade(scenario, from);
  return {
    from,
    catalogue: createCatalogue({ seed, hospitals, suppliers, items }),
    pace,
    random: (name) => createRandom(seed, `network/${name}`),
    ratesAt,
    incident: (kind, of) => toOutageCalendar(incidents(kind, of)),
  };
}

/** Pieces on a shelf on the first morning, as they were counted. */
export function toFirstStock(world: World, shelf: Shelf): number {
  return Math.round(world.random(`stock/${toShelfId(shelf)}`).between(shelf.par + 1, shelf.capacity));
}

/** site / location / item */
export function toShelfId({ site, location, item }: Shelf): string {
  return `${site.id}/${location}/${item.id}`;
}

export function toIso(at: number): string {
  return new Date(at).toISOString();
}

/** What the clock of a source shows, which may be ahead. */
export function tellTime(world: World, source: string, now: number): number {
  return world.incident("clock-drift", source).find(now) === undefined ? now : now + AHEAD_MS;
}
