import type { Fact } from "../fact.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { LegRow } from "../legs/leg-row.ts";
import type { Summary } from "../legs/summary.ts";
import { createRecentMap } from "./recent-map.ts";

const OVERHEAD = 4;

/** What is held of one instance of a flow: its history, folded where it is long, and the current row of each leg. */
export interface Instance {
  facts: Fact[];
  base: Summary | undefined;
  /** Event time up to which `base` holds the history; facts lie after it. */
  foldedUntil: number;
  /** The current row of each occurrence of each leg, by `toSlot`. */
  current: Map<string, LegRow>;
  /** Items by whose units it is known to be judged. */
  unitsOf: Set<string>;
}

/** Instances by flow and id, as many as fit: the weight of one is the number of its facts and legs and a little more. */
export interface InstanceCache {
  get: (model: FlowModel, id: string) => Instance | undefined;
  set: (model: FlowModel, id: string, instance: Instance) => void;
}

/** The flows share the room, so that a flow without traffic takes none from the others. */
export function createInstanceCache(maxWeight: number): InstanceCache {
  const held = createRecentMap<string, Instance>(
    maxWeight,
    ({ facts, current }) => facts.length + current.size + OVERHEAD,
  );
  return {
    get: (model, id) => held.get(toKey(model, id)),
    set: (model, id, instance) => held.set(toKey(model, id), instance),
  };
}

function toKey(model: FlowModel, id: string): string {
  return `${model.id}\u0000${id}`;
}

export function createInstance(): Instance {
  return { facts: [], base: undefined, foldedUntil: -Infinity, current: new Map(), unitsOf: new Set() };
}
