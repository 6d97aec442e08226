import Big from "big.js";
import type { Fact } from "../fact.ts";
import type { Deadline } from "./deadline.ts";

/** Where a milestone was reached: when, where, and by which stored event. */
export interface Occurrence {
  time: number;
  /** How much later it may have been; absent where the time is exact. */
  impreciseMs?: number | undefined;
  log: string;
  position: number;
  site: string;
  /** Exact decimal, when the milestone carries a quantity. */
  quantity?: string | undefined;
  criticality?: string | undefined;
  /** The id of the first supplier that it names. */
  supplier?: string | undefined;
  /** When a leg that starts here is due, by leg id. */
  deadlines: Readonly<Record<string, Deadline>>;
}

/** An occurrence that stood from its time on until it was taken back. */
export interface TakenBack {
  time: number;
  reversedAt: number;
  /** Exact decimal, when the milestone carries a quantity. */
  quantity?: string | undefined;
}

/** All that verdicts need to know of one milestone of an instance, up to an event time. */
export interface MilestoneSummary {
  first?: Occurrence | undefined;
  /** Occurrences that count, in the order of event time, as far as legs that end by quantity or start anew need them. */
  steps: Occurrence[];
  /** Occurrences that were taken back, each with the time of that. */
  reversed: TakenBack[];
  count: number;
  hasConflict: boolean;
}

/** All that verdicts need to know of an instance. */
export interface Summary {
  milestones: Record<string, MilestoneSummary>;
  cancelledAt?: number | undefined;
  /** The supplier that the earliest event names that names one. */
  supplier?: string | undefined;
  /** By leg, the changes that start it anew, in the order of event time; absent while there is none. */
  restarts?: Record<string, Occurrence[]> | undefined;
}

export const EMPTY_MILESTONE: MilestoneSummary = {
  first: undefined,
  steps: [],
  reversed: [],
  count: 0,
  hasConflict: false,
};

/** Adds later occurrences to what is known. `keepSteps` for milestones of which more than the first counts. */
export function addOccurrences(
  base: MilestoneSummary,
  later: Omit<MilestoneSummary, "first" | "count">,
  keepSteps: boolean,
): MilestoneSummary {
  return {
    first: base.first ?? later.steps[0],
    steps: keepSteps ? [...base.steps, ...later.steps] : [],
    reversed: [...base.reversed, ...later.reversed],
    count: base.count + later.steps.length,
    hasConflict: base.hasConflict || later.hasConflict,
  };
}

/** The exact sum of the quantities of a milestone's occurrences. */
export function sumQuantities(steps: readonly Occurrence[]): Big {
  return steps.reduce((sum, { quantity }) => sum.plus(quantity ?? "0"), new Big(0));
}

/** The first occurrence with which the quantities reach `needed`, and undefined while they do not. */
export function findCompletion(steps: readonly Occurrence[], needed: Big): Occurrence | undefined {
  let sum = new Big(0);
  return steps.find(({ quantity }) => {
    sum = sum.plus(quantity ?? "0");
    return sum.gte(needed);
  });
}

/** The times in which what stood reached `needed`, each until so much was taken back that it did not. */
export function listTakenBack({ steps, reversed }: MilestoneSummary, needed: Big): TakenBack[] {
  const stood = reversed.filter(({ time, reversedAt }) => time < reversedAt);
  if (stood.length === 0) return [];
  const added = [...steps, ...stood].map(({ time, quantity = "0" }) => ({ time, events: 1, by: new Big(quantity) }));
  const removed = stood.map(({ reversedAt, quantity = "0" }) => ({
    time: reversedAt,
    events: -1,
    by: new Big(quantity).neg(),
  }));
  const moments = Map.groupBy(
    [...added, ...removed].toSorted((a, b) => a.time - b.time),
    ({ time }) => time,
  );
  const found: TakenBack[] = [];
  let standing = { events: 0, sum: new Big(0) };
  let since: number | undefined;
  for (const [time, changes] of moments) {
    standing = changes.reduce(
      ({ events, sum }, change) => ({ events: events + change.events, sum: sum.plus(change.by) }),
      standing,
    );
    const isReached = standing.events > 0 && standing.sum.gte(needed);
    if (!isReached && since !== undefined) found.push({ time: since, reversedAt: time });
    since = isReached ? (since ?? time) : undefined;
  }
  return found;
}

/** The quantity of a fact's measure as an exact decimal. */
export function readQuantity(fact: Fact, measure: string | undefined): string | undefined {
  return measure === undefined ? undefined : fact.measures[measure]?.value;
}
