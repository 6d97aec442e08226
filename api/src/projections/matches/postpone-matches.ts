import { type LongHistories, mustWait } from "../engine/long-histories.ts";
import type { Deferred } from "../engine/steps.ts";
import { type Fact, toObjectKey } from "../fact.ts";
import type { MatchCache } from "./match-scope.ts";
import { type TouchedMatches, listSubjects } from "./match-touch.ts";

/** Order lines and documents that are left to later steps are named by this; `after` is the order line that they wait for. */
export const WAITING = "matching-subject";
const ORDER_LINE = "purchase_order_line";

/**
 * Order lines with long histories that a step at this time leaves to a later one, and whatever is named together with them:
 * an invoice is matched with all that its order lines have.
 */
export function listPostponedMatches(
  long: LongHistories,
  { facts, deferred }: { facts: readonly Fact[]; deferred: readonly Deferred[] },
  now: number,
): Deferred[] {
  const found = new Map<string, Deferred>();
  const waits = (id: string) => mustWait(long, { type: ORDER_LINE, id }, now);
  for (const object of deferred)
    if (object.flow === WAITING && waits(object.after)) found.set(toObjectKey(object), object);
  const named = facts.map((fact) => listSubjects(fact)).filter((subjects) => subjects.length > 0);
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const subjects of named) {
      const line = subjects.find(({ type, id }) => type === ORDER_LINE && waits(id))?.id;
      const after = line ?? subjects.map((subject) => found.get(toObjectKey(subject))?.after).find(Boolean);
      if (after === undefined) continue;
      for (const { type, id } of subjects) {
        const key = toObjectKey({ type, id });
        if (!found.has(key)) found.set(key, { flow: WAITING, type, id, after });
      }
    }
  }
  return [...found.values()];
}

/** Takes what is postponed out of what a step looks at, and adds what has waited. Returns what waits on. */
export function postpone(
  touched: TouchedMatches,
  { postponed, deferred }: { postponed: readonly Deferred[]; deferred: readonly Deferred[] },
  { subjects }: MatchCache,
): Deferred[] {
  const late = new Map(postponed.filter(({ flow }) => flow === WAITING).map((object) => [toObjectKey(object), object]));
  for (const key of late.keys()) {
    touched.subjects.delete(key);
    // What is in memory lacks what this step brings.
    subjects.forget(key);
    touched.reload.add(key);
  }
  for (const { flow, type, id } of deferred)
    if (flow === WAITING && !late.has(toObjectKey({ type, id })))
      touched.subjects.set(toObjectKey({ type, id }), { type, id });
  return [...late.values()];
}
