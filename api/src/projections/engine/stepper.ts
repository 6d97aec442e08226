import type { Advance } from "./commits.ts";
import type { Cursors, Step } from "./steps.ts";

/** What a projection does in each of its steps. */
export interface Stepping<Reading extends Advance, Plan> {
  /** Where its last finished step ended. */
  cursors: () => Cursors;
  /** Called before each step; `batch` is the number that it will have at least. */
  prepare?: (step: Step) => Promise<void>;
  /** The next events behind the cursors. */
  read: (from: Cursors) => Promise<Reading>;
  /** What there is to do now; undefined for nothing. */
  findPlan: (now: number, reading: Reading) => Plan | undefined;
  /** Records what the step depends on. */
  begin: (step: Step, plan: Plan) => Promise<void>;
  /** Carries out a step that was begun, and records that it is finished. */
  finish: (step: Step, work: { plan: Plan; reading: Reading }) => Promise<void>;
}

/** Carries a projection on, one step a call; false when there is nothing to do yet. `lastBatch` is its last step. */
export function createStepper<Reading extends Advance, Plan>(
  stepping: Stepping<Reading, Plan>,
  at: { lastBatch: number; now: () => number },
): () => Promise<boolean> {
  let { lastBatch } = at;
  let ahead: Promise<Reading> | undefined;
  return async () => {
    const now = at.now();
    await stepping.prepare?.({ batch: lastBatch + 1, now });
    const reading = await (ahead ?? stepping.read(stepping.cursors()));
    ahead = undefined;
    const plan = stepping.findPlan(now, reading);
    if (plan === undefined) return false;
    const step = { batch: Math.max(lastBatch + 1, now * 1000), now };
    await stepping.begin(step, plan);
    // What waits is read meanwhile; when nothing does, it is better to see afterwards what has come.
    if (reading.hasMore) ahead = readAhead(stepping.read(reading.cursors));
    await stepping.finish(step, { plan, reading });
    lastBatch = step.batch;
    return true;
  };
}

/** A failure is met when the reading is wanted. */
function readAhead<Reading>(reading: Promise<Reading>): Promise<Reading> {
  reading.catch(() => undefined);
  return reading;
}
