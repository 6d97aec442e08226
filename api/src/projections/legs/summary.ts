import type { Deadline } from "./deadline.ts";
import type { Goods } from "./goods.ts";

/** Where a milestone was reached: when, where, and by which stored event. */
export interface Occurrence {
  time: number;
  /** How much later it may have been; absent where the time is exact. */
  impreciseMs?: number | undefined;
  log: string;
  position: number;
  site: string;
  /** What came, where the milestone counts quantities. */
  goods?: Goods | undefined;
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
  /** What came, where the milestone counts quantities. */
  goods?: Goods | undefined;
}

/** All that verdicts need to know of one milestone of an instance, up to an event time. */
export interface MilestoneSummary {
  first?: Occurrence | undefined;
  /** Occurrences that count, in the order of event time, as far as legs that end by quantity or start anew need them. */
  steps: Occurrence[];
  /** Occurrences that were taken back, each with the time of that. */
  reversed: TakenBack[];
  /** The changes that state its quantity anew, one a moment, in the order of event time; absent while there is none. */
  restated?: Occurrence[] | undefined;
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

/** Of more changes of a quantity, the earliest and the newest are known, so that the newest quantity always counts. */
const MAX_RESTATED = 1000;

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
    restated: (later.restated ?? []).reduce(restate, base.restated),
    count: base.count + later.steps.length,
    hasConflict: base.hasConflict || later.hasConflict,
  };
}

/** Of changes of one moment the last by source and id counts, as the order of the facts has it. */
function restate(known: Occurrence[] | undefined, change: Occurrence): Occurrence[] {
  if (known === undefined) return [change];
  const isReplaced = known.at(-1)?.time === change.time || known.length >= MAX_RESTATED;
  return [...(isReplaced ? known.slice(0, -1) : known), change];
}
