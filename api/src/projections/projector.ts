import type { ClickHouseClient } from "@clickhouse/client";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Advance, findAdvance } from "./engine/commits.ts";
import { recordConfiguration } from "./engine/configuration-versions.ts";
import { type Projector, type SteppedProjector, startKeepingUp } from "./engine/keep-up.ts";
import { type Outcome, type Plan, createLegStepLog } from "./engine/leg-plan.ts";
import { findPlan } from "./engine/plan-step.ts";
import { type ProjectorState, type StateOptions, openProjectorState } from "./engine/projector-state.ts";
import { type ArrivedFact, listArrivals } from "./engine/read-facts.ts";
import { type RulesInForce, recordRuleVersions, toRulesInForce } from "./engine/rule-versions.ts";
import { UNREAD } from "./legs/leg-state.ts";
import { runStep } from "./engine/run-step.ts";
import { createStepper } from "./engine/stepper.ts";
import type { Cursors, Shard, Step, StepLog } from "./engine/steps.ts";
import type { WindowVersion } from "./engine/window-rows.ts";

const DEFAULT_MAX_HELD = 800_000;
const DEFAULT_MAX_EVENTS = 30_000;
const WHOLE: Shard = { index: 0, count: 1 };

export interface ProjectorOptions {
  connection: StoreConnection;
  pack: Pack;
  shard?: Shard;
  /** How many facts and legs of recent histories stay in memory, about 1 KB each. */
  maxHeld?: number;
  /** How many legs that wait for their time stay in memory, about 1 KB each; more only where they fall due together. */
  maxWaiting?: number;
  /** How many events a step reads at most. */
  maxEvents?: number;
  /** The clock, in milliseconds since 1970 UTC. */
  now?: () => number;
}

/** The projection of the legs, carried on one step at a time. */
export interface LegProjector extends SteppedProjector {
  state: ProjectorState;
}

/** Opens the projection where its last finished step left it, and finishes the step that a crash interrupted. */
export async function openProjector(options: ProjectorOptions): Promise<LegProjector> {
  const client = createWriter(options.connection);
  const now = options.now ?? Date.now;
  const steps = createLegStepLog(client, options.shard ?? WHOLE);
  const maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS;
  const { state, lastBatch } = await restore({ ...options, client, steps, time: now() });
  const advance = createStepper<Reading, Plan>(
    {
      cursors: () => state.cursors,
      prepare: (step) =>
        state.horizon.moveOn(step.now, step.batch, (source) =>
          source === UNREAD ? step.now : state.sources.findWatermark(source, step.now).at,
        ),
      read: (from) => readNext(state, from, { maxEvents, readAt: now() }),
      findPlan: (time, reading) => findPlan(state, { now: time, ...reading }),
      begin: steps.begin,
      finish: async (step, { plan, reading }) =>
        void (await finish(state, steps, { step, plan, facts: reading.facts })),
    },
    { lastBatch, now },
  );
  return {
    state,
    advance,
    close: async () => {
      await state.horizon.close();
      await client.close();
    },
  };
}

async function finish(
  state: ProjectorState,
  steps: StepLog<Plan, Outcome>,
  { step, plan, facts }: { step: Step; plan: Plan; facts: readonly ArrivedFact[] },
): Promise<Outcome> {
  const outcome = await runStep(state, step, { plan, facts });
  await steps.commit(step, outcome);
  Object.assign(state, outcome);
  return outcome;
}

/** The state under the rules of the pack; a step that was interrupted is finished before under those that it began with. */
async function restore(
  options: Pick<ProjectorOptions, "pack" | "shard" | "maxHeld" | "maxWaiting"> & {
    client: ClickHouseClient;
    steps: StepLog<Plan, Outcome>;
    time: number;
  },
): Promise<{ state: ProjectorState; lastBatch: number }> {
  const { client, pack, steps, time, shard = WHOLE, maxHeld = DEFAULT_MAX_HELD, maxWaiting } = options;
  const { last, unfinished } = await steps.restore();
  await recordConfiguration(client, pack, time);
  const versions = await recordRuleVersions(client, pack, time);
  const current = toRulesInForce(versions, pack);
  const floors = unfinished?.plan.sourceWatermarks;
  const open = (rules: RulesInForce, after: StateOptions["last"]) =>
    openProjectorState({ client, pack, versions, rules, shard, maxHeld, maxWaiting, floors, last: after, now: time });
  const lastBatch = last?.batch ?? 0;
  const state = await open(unfinished?.plan.rules ?? current, {
    batch: lastBatch,
    outcome: last?.outcome ?? { cursors: {}, deferred: [], touches: [], restated: [], readUntil: 0 },
  });
  if (!unfinished) return { state, lastBatch };
  const { batch, plan } = unfinished;
  const facts = await listArrivals(client, { from: state.cursors, to: plan.cursors });
  const outcome = await finish(state, steps, { step: unfinished, plan, facts });
  const hasNewRules = plan.rules !== undefined && canonicalize(plan.rules) !== canonicalize(current);
  return { state: hasNewRules ? await open(current, { batch, outcome }) : state, lastBatch: batch };
}

/** The next events of the logs, where they end, and the windows in force where that may have changed. */
interface Reading extends Advance {
  facts: readonly ArrivedFact[];
  windows: readonly WindowVersion[] | undefined;
  /** When it was asked what there is to read. */
  readAt: number;
}

async function readNext(
  state: ProjectorState,
  from: Cursors,
  { maxEvents, readAt }: { maxEvents: number; readAt: number },
): Promise<Reading> {
  const { client } = state;
  const readFacts = async () => {
    const advance = await findAdvance(client, from, maxEvents);
    return { ...advance, facts: await listArrivals(client, { from, to: advance.cursors }) };
  };
  const [read, windows] = await Promise.all([readFacts(), state.windows.readStored()]);
  return { ...read, windows, readAt };
}

/** Keeps the projection up to date until it is stopped. `onError` hears of each failure, after which it starts again. */
export function startProjector(options: ProjectorOptions & { onError: (error: unknown) => void }): Projector {
  return startKeepingUp(() => openProjector(options), options.onError);
}
