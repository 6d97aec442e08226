import { type LongHistories, mustWait } from "../engine/long-histories.ts";
import type { Deferred } from "../engine/steps.ts";
import { type Fact, toObjectKey } from "../fact.ts";

/** What is left to later steps is named by this. */
export const RECONCILING = "reconciling";

/** The objects with long histories that a step at this time leaves to a later one. */
export function listPostponedSubjects(
  { long, subjectTypes }: { long: LongHistories; subjectTypes: ReadonlySet<string> },
  { facts, deferred }: { facts: readonly Fact[]; deferred: readonly Deferred[] },
  now: number,
): Deferred[] {
  const found = new Map<string, Deferred>();
  const look = ({ type, id }: { type: string; id: string }) => {
    if (subjectTypes.has(type) && mustWait(long, { type, id }, now))
      found.set(toObjectKey({ type, id }), { flow: RECONCILING, type, id, after: "" });
  };
  for (const { objects } of facts) for (const object of objects) look(object);
  for (const object of deferred) if (object.flow === RECONCILING) look(object);
  return [...found.values()];
}
