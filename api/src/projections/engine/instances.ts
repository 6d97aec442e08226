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
}

/** Instances by flow and id, as many as fit: the weight of one is the number of its facts and legs and a little more. */
export interface InstanceCache {
  get: (model: FlowModel, id: string) => Instance | undefined;
  set: (model: FlowModel, id: string, instance: Instance) => void;
}

export function createInstanceCache(maxWeight: number, models: readonly FlowModel[]): InstanceCache {
  const share = maxWeight / Math.max(1, models.length);
  const caches = new Map(
    models.map((model) => [
      model,
      createRecentMap<string, Instance>(share, ({ facts, current }) => facts.length + current.size + OVERHEAD),
    ]),
  );
  return {
    get: (model, id) => caches.get(model)?.get(id),
    set: (model, id, instance) => caches.get(model)?.set(id, instance),
  };
}

export function createInstance(): Instance {
  return { facts: [], base: undefined, foldedUntil: -Infinity, current: new Map() };
}
