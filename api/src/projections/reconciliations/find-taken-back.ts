import { type Fact, toIdentity, toObjectKey } from "../fact.ts";
import { compareByTime } from "../legs/resolve-facts.ts";
import { findReversed } from "../legs/reversals.ts";
import { SIDES, type Side } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";

/** When an entry was taken back, and by which event where that is known. */
export interface TakenBack {
  by: Fact | undefined;
  time: number;
}

/**
 * Which entries were taken back: by events that say which one, and by reversals of their side that name nothing but the key,
 * each of which takes back the latest entry before it that still stands. A reversal without its entry waits.
 */
export function findTakenBack(
  model: ReconciliationModel,
  facts: readonly Fact[],
  { roles, keyOf }: { roles: ReadonlyMap<Fact, { side: Side }>; keyOf: (fact: Fact) => string },
): Map<Fact, TakenBack> {
  const successes = facts.filter(({ outcome }) => outcome === "" || outcome === "ok");
  const milestonesOf = (fact: Fact) => {
    const role = roles.get(fact);
    const milestone = role && model.sides[role.side].milestone;
    return milestone === undefined ? [] : [milestone];
  };
  const found = new Map<Fact, TakenBack>();
  for (const [fact, time] of findReversed(successes, milestonesOf))
    if (roles.has(fact)) found.set(fact, { time, by: successes.find((by) => by.time === time && names(by, fact)) });
  const undirected = successes.filter(
    (fact) => fact.reverses === undefined && SIDES.some((side) => model.sides[side].reversals.has(fact.type)),
  );
  for (const by of undirected.toSorted(compareByTime)) {
    const target = [...roles]
      .filter(([fact, { side }]) => model.sides[side].reversals.has(by.type) && !found.has(fact))
      .map(([fact]) => fact)
      .filter((fact) => fact.time <= by.time && keyOf(fact) === keyOf(by))
      .toSorted(compareByTime)
      .at(-1);
    if (target) found.set(target, { by, time: by.time });
  }
  return found;
}

function names({ reverses }: Fact, fact: Fact): boolean {
  if (reverses === undefined) return false;
  if (!("milestone" in reverses)) return toIdentity(reverses) === toIdentity(fact);
  return fact.objects.some((object) => toObjectKey(object) === toObjectKey(reverses.object));
}
