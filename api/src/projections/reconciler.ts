import type { ClickHouseClient } from "@clickhouse/client";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { type Advance, findAdvance } from "./engine/commits.ts";
import { type Projector, type SteppedProjector, startKeepingUp } from "./engine/keep-up.ts";
import { listArrivals, listPassed } from "./engine/read-facts.ts";
import { createStepper } from "./engine/stepper.ts";
import type { Cursors, Step, StepLog } from "./engine/steps.ts";
import { toObjectKey } from "./fact.ts";
import type { Rules } from "./reconciler/family.ts";
import { mustGiveWay } from "./reconciler/give-way.ts";
import { type ReconcilerOutcome, type ReconcilerPlan, createReconcilerStepLog } from "./reconciler/plan.ts";
import { getRules, recordRules, toStoredRules } from "./reconciler/rules.ts";
import { type ReconcilerArrivals, runReconcilerStep } from "./reconciler/run-step.ts";
import { type ReconcilerState, type ReconcilerStateOptions, openReconcilerState } from "./reconciler/state.ts";

const DEFAULT_MAX_HELD = 400_000;
const DEFAULT_MAX_HISTORY = 5000;
/** Short steps: the legs wait for the end of one when they fall behind meanwhile. */
const DEFAULT_MAX_EVENTS = 10_000;

export interface ReconcilerOptions {
  connection: StoreConnection;
  pack: Rules;
  /** How many facts and rows of recent histories stay in memory, about 1 KB each. */
  maxHeld?: number;
  /** Of how many facts of one object; a longer history is read again each time, and less often. */
  maxHistory?: number;
  /** How many events a step reads at most. */
  maxEvents?: number;
  /** The clock, in milliseconds since 1970 UTC. */
  now?: () => number;
}

/** Opens the reconciler where its last finished step left it, and finishes the step that a crash interrupted. */
export async function openReconciler(options: ReconcilerOptions): Promise<SteppedProjector> {
  const { now = Date.now, maxEvents = DEFAULT_MAX_EVENTS } = options;
  const client = createWriter(options.connection);
  const steps = createReconcilerStepLog(client);
  const { state, lastBatch } = await restore({ ...options, client, steps, time: now() });
  const advance = createStepper<Reading, ReconcilerPlan>(
    {
      cursors: () => state.cursors,
      read: async (from) => {
        const next = await findAdvance(client, from, maxEvents);
        return { ...next, arrived: await listArrived(state, from, next.cursors) };
      },
      findPlan: (time, reading) => findPlan(state, reading, time),
      begin: steps.begin,
      finish: async (step, { plan, reading }) =>
        void (await finish(state, steps, { step, plan, arrived: reading.arrived })),
    },
    { lastBatch, now },
  );
  return { advance, mustGiveWay: () => mustGiveWay(client, now()), close: () => client.close() };
}

/** Keeps matches and reconciliations up to date until it is stopped, where the legs leave room for it. `onError` hears of each failure. */
export function startReconciler(options: ReconcilerOptions & { onError: (error: unknown) => void }): Projector {
  return startKeepingUp(() => openReconciler(options), options.onError);
}

interface Reading extends Advance {
  arrived: ReconcilerArrivals;
}

async function listArrived(
  { client, eventTypes }: ReconcilerState,
  from: Cursors,
  to: Cursors,
): Promise<ReconcilerArrivals> {
  const [facts, passed] = await Promise.all([
    listArrivals(client, { from, to, types: eventTypes }),
    listPassed(client, { from, to, types: eventTypes }),
  ]);
  return { facts, passed };
}

/** There is something to do when a log has moved, or something was left to later. */
function findPlan(
  { cursors: before, deferred, rules, families }: ReconcilerState,
  { cursors, arrived }: Reading,
  now: number,
): ReconcilerPlan | undefined {
  const hasMoved = Object.entries(cursors).some(
    ([log, { nextPosition }]) => nextPosition !== before[log]?.nextPosition,
  );
  const facts = arrived.facts.map(({ fact }) => fact);
  const postponed = families.flatMap((family) => [...family.listPostponed({ facts, deferred }, now)]);
  const late = new Set(postponed.map((object) => `${object.flow} ${toObjectKey(object)}`));
  const isDue = deferred.some((object) => !late.has(`${object.flow} ${toObjectKey(object)}`));
  return hasMoved || isDue ? { cursors, deferred, rules, postponed } : undefined;
}

async function finish(
  state: ReconcilerState,
  steps: StepLog<ReconcilerPlan, ReconcilerOutcome>,
  { step, plan, arrived }: { step: Step; plan: ReconcilerPlan; arrived: ReconcilerArrivals },
): Promise<ReconcilerOutcome> {
  const outcome = await runReconcilerStep(state, step, { plan, arrived });
  await steps.commit(step, outcome);
  Object.assign(state, outcome);
  return outcome;
}

/** The state under the rules of the pack; a step that was interrupted is finished before under those that it began with. */
async function restore(
  options: Pick<ReconcilerOptions, "pack" | "maxHeld" | "maxHistory"> & {
    client: ClickHouseClient;
    steps: StepLog<ReconcilerPlan, ReconcilerOutcome>;
    time: number;
  },
): Promise<{ state: ReconcilerState; lastBatch: number }> {
  const { client, pack, steps, time, maxHeld = DEFAULT_MAX_HELD, maxHistory = DEFAULT_MAX_HISTORY } = options;
  const stored = toStoredRules(pack);
  await recordRules(client, stored, time);
  const { last, unfinished } = await steps.restore();
  const open = (rules: ReconcilerStateOptions["rules"], after: ReconcilerStateOptions["last"]) =>
    openReconcilerState({ client, rules, held: { maxHeld, maxHistory }, last: after });
  const current = { ...pack, version: stored.version };
  const lastBatch = last?.batch ?? 0;
  const before = { batch: lastBatch, outcome: last?.outcome ?? { cursors: {}, deferred: [] } };
  if (!unfinished) return { state: await open(current, before), lastBatch };
  const { batch, plan } = unfinished;
  const isCurrent = plan.rules === stored.version;
  const rules = isCurrent ? current : { ...(await getRules(client, plan.rules)), version: plan.rules };
  const state = await open(rules, before);
  const arrived = await listArrived(state, state.cursors, plan.cursors);
  const outcome = await finish(state, steps, { step: unfinished, plan, arrived });
  return { state: isCurrent ? state : await open(current, { batch, outcome }), lastBatch: batch };
}
