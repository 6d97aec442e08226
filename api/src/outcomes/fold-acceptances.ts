import { type ResultVersion, type WorkAct, findStanding } from "../matches/work-state.ts";
import { needsWork } from "../projections/matches/fingerprint.ts";
import { type Evaluation, isBlocking } from "./fold-exceptions.ts";

/** A result of a slot of an invoice. Times in milliseconds since 1970 UTC. */
export interface SlotResult extends ResultVersion {
  at: number;
  outcome: Evaluation["outcome"];
}

/** What was said and done about one slot of an invoice, each in its order. */
export interface SlotStory {
  results: readonly SlotResult[];
  acts: readonly (WorkAct & { at: number })[];
}

/**
 * The evaluations of an invoice with the moments at which something was done about it, which come behind what was said at the
 * same time. It is accepted while all that blocks it is, as a whole and by line; another difference, or an acceptance that is
 * taken back, ends that.
 */
export function withAcceptances(evaluations: readonly Evaluation[], slots: readonly SlotStory[]): Evaluation[] {
  const times = slots.flatMap(({ results, acts }) => [...results, ...acts].map(({ at }) => at));
  const said = evaluations.map((one) => ({ ...one, isAccepted: isAccepted(slots, one.at, one.at - 1) }));
  const done = [...new Set(times)].flatMap((at) => {
    const last = evaluations.findLast((evaluation) => evaluation.at <= at);
    return last === undefined ? [] : [{ ...last, at, isAccepted: isAccepted(slots, at, at) }];
  });
  return [...said, ...done].toSorted((a, b) => a.at - b.at);
}

/** By the results up to a time and the acts up to another, both included. */
function isAccepted(slots: readonly SlotStory[], saidAt: number, doneAt: number): boolean {
  const states = slots.flatMap(({ results, acts }) => {
    const versions = results.filter(({ at }) => at <= saidAt);
    const current = versions.at(-1);
    if (current === undefined || !isBlocking(current) || !needsWork(current)) return [];
    const done = acts.filter(({ at }) => at <= doneAt);
    return [findStanding(versions, done)?.state];
  });
  return states.length > 0 && states.every((state) => state === "accepted");
}
