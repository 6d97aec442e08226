import type { Flow } from "@throughline/schemas/pack/flow";
import type { UnitEquation } from "@throughline/schemas/exact/units";
import { type EventMatcher, toMatcher } from "./matchers.ts";

/** A flow as it was written from a moment on. `since` in milliseconds since 1970 UTC. */
export interface FlowVersion {
  since: number;
  ruleVersion: string;
  flow: Flow;
  /** Factors that hold for any item, where a leg ends by quantity. */
  units?: readonly UnitEquation[] | undefined;
}

/** Event times in [from, until). */
export interface Era {
  from: number;
  until: number;
}

/** A version of a flow with the time in which it was in force. */
export interface VersionEra extends Era {
  ruleVersion: string;
  flow: Flow;
  units: readonly UnitEquation[];
}

/** Events that start legs anew, by the ids of the legs, or state a quantity anew, while the rules that say so are in force. */
export interface ChangeModel extends Era {
  events: readonly EventMatcher[];
  legs: ReadonlySet<string>;
  /** The milestone whose quantity they state. */
  quantity: string | undefined;
}

/** When each version is in force, oldest first: the first reaches back for ever, the last goes on. */
export function toEras(versions: readonly FlowVersion[]): VersionEra[] {
  return versions.map(({ since, ruleVersion, flow, units = [] }, index) => ({
    from: index === 0 ? -Infinity : since,
    until: versions[index + 1]?.since ?? Infinity,
    ruleVersion,
    flow,
    units,
  }));
}

export function isInEra({ from, until }: Era, time: number): boolean {
  return time >= from && time < until;
}

/** The changes of all versions; neighbours that say the same are one. */
export function toChangeModels(eras: readonly VersionEra[]): ChangeModel[] {
  const runs: VersionEra[] = [];
  for (const era of eras) {
    const last = runs.at(-1);
    const isSame = last !== undefined && JSON.stringify(last.flow.changes) === JSON.stringify(era.flow.changes);
    if (isSame) last.until = era.until;
    else runs.push({ ...era });
  }
  return runs.flatMap(({ from, until, flow }) =>
    flow.changes.map(({ events, legs, quantity }) => ({
      from,
      until,
      events: events.map(toMatcher),
      legs: new Set(legs),
      quantity,
    })),
  );
}
