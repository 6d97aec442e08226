import { type Fact, toIdentity } from "../fact.ts";
import { KEY_SEPARATOR, toKey } from "./entry-key.ts";
import { SIDES } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";

/** What is dated earlier than what it takes back, by more than this, takes nothing back between counts. */
export const MAX_SKEW_MS = 24 * 3_600_000;

/** The events of one key, and the reversals that do not say which key they are of. */
export interface KeyFacts {
  own: Fact[];
  loose: readonly Fact[];
}

/**
 * Whether the time between two counts of a key can be evaluated by itself: nothing that is dated in it is dated by an attribute,
 * and no count is taken back but by its identity.
 */
export function isFolded({ sides: { a, b } }: ReconciliationModel): boolean {
  return (
    b.isLevel &&
    b.reversals.size === 0 &&
    b.milestone === undefined &&
    a.dateAttribute === undefined &&
    b.dateAttribute === undefined
  );
}

export function isReversal(model: ReconciliationModel, { reverses, type }: Fact): boolean {
  return reverses !== undefined || SIDES.some((side) => model.sides[side].reversals.has(type));
}

/** True for a reversal that does not say which key it is of. */
export function isLoose(model: ReconciliationModel, fact: Fact, subject: string): boolean {
  return isReversal(model, fact) && toKey(model, fact, subject).split(KEY_SEPARATOR).slice(1).includes("");
}

/** The events of an object by key. */
export function groupByKey(model: ReconciliationModel, facts: readonly Fact[], subject: string): Map<string, KeyFacts> {
  const loose = facts.filter((fact) => isLoose(model, fact, subject) && !namesSubject(fact, model.subjectType));
  const groups = new Map<string, KeyFacts>();
  for (const fact of facts) {
    const key = toKey(model, fact, subject);
    const known = groups.get(key);
    if (known) known.own.push(fact);
    else groups.set(key, { own: [fact], loose });
  }
  return groups;
}

/** A milestone of the place itself: it is not said of what. */
function namesSubject({ reverses }: Fact, subjectType: string): boolean {
  return reverses !== undefined && "milestone" in reverses && reverses.object.type === subjectType;
}

/** All events that say something to a key, each once, without what is dated too early for what it takes back. */
export function listKeyFacts({ own, loose }: KeyFacts): Fact[] {
  const facts = [...new Set([...own, ...loose])];
  const byIdentity = new Map(facts.map((fact) => [toIdentity(fact), fact]));
  return facts.filter(({ reverses, time }) => {
    if (reverses === undefined || "milestone" in reverses) return true;
    const target = byIdentity.get(toIdentity(reverses));
    return target === undefined || time >= target.time - MAX_SKEW_MS;
  });
}
