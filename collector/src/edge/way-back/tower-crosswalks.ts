import type { Crosswalk } from "@throughline/schemas/pack/crosswalk";
import { type CrosswalkSet, createCrosswalkSet } from "../map/crosswalk-set.ts";

/** What the tower says of codes, as it was applied last. */
export interface TowerCrosswalks {
  version: number;
  tables: readonly Crosswalk[];
}

export interface LiveCrosswalks extends CrosswalkSet {
  /** Another one when what is said of codes may have changed. */
  current: () => CrosswalkSet;
  /** Of the tower's; 0 where it said nothing yet. */
  version: () => number;
}

/** The crosswalks of an interface: those of its pack, and before them the tower's as they are at each moment. */
export function createLiveCrosswalks(
  own: readonly Crosswalk[],
  readTower: () => TowerCrosswalks,
  interfaceId: string,
): LiveCrosswalks {
  const known = new Set(own.map(({ name }) => name));
  let of = readTower();
  const create = () => {
    // What the pack has no table for stays as it was sent where the tower says nothing.
    const layers = of.tables.map((table) => (known.has(table.name) ? table : { ...table, missing: "keep" as const }));
    return createCrosswalkSet([...own, ...layers], interfaceId);
  };
  let set = create();
  const current = () => {
    const tower = readTower();
    if (tower === of) return set;
    of = tower;
    set = create();
    return set;
  };
  return {
    current,
    version: () => readTower().version,
    translate: (table, value, at) => current().translate(table, value, at),
    knows: (table, value) => current().knows(table, value),
    names: (table, value) => current().names(table, value),
  };
}
