import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { createWriter, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Advance, findAdvance } from "./engine/commits.ts";
import { findPlan } from "./engine/plan-step.ts";
import {
  type BesideLegs,
  type ProjectorState,
  type StateOptions,
  openProjectorState,
} from "./engine/projector-state.ts";
import { type ArrivedFact, listArrivals } from "./engine/read-facts.ts";
import { type RulesInForce, recordRuleVersions, toRulesInForce } from "./engine/rule-versions.ts";
import { runStep } from "./engine/run-step.ts";
import { type Outcome, type Plan, type Shard, type Step, type StepLog, createStepLog } from "./engine/steps.ts";
import type { WindowVersion } from "./engine/window-rows.ts";

const PROJECTOR = "legs";
const POLL_MS = 100;
const MAX_BACKOFF_MS = 15_000;
const DEFAULT_MAX_HELD = 800_000;
const DEFAULT_MAX_EVENTS = 30_000;
const WHOLE: Shard = { index: 0, count: 1 };

export interface ProjectorOptions {
  connection: StoreConnection;
  pack: Pack;
  shard?: Shard;
  /** What is kept up to date beside the legs; nothing unless given. */
  beside?: readonly BesideLegs[];
  /** How many facts and legs of recent histories stay in memory, about 1 KB each. */
  maxHeld?: number;
  /** How many events a step reads at most. */
  maxEvents?: number;
  /** The clock, in milliseconds since 1970 UTC. */
  now?: () => number;
}

/** A projection that is carried on one step at a time. */
export interface SteppedProjector {
  /** Runs the next step; false when there is nothing to do yet. After an error the projector must be opened again. */
  advance: () => Promise<boolean>;
  state: ProjectorState;
  close: () => Promise<void>;
}

/** Opens the projection where its last finished step left it, and finishes the step that a crash interrupted. */
export async function openProjector(options: ProjectorOptions): Promise<SteppedProjector> {
  const client = createWriter(options.connection);
  const now = options.now ?? Date.now;
  const steps = createStepLog(client, PROJECTOR, options.shard ?? WHOLE);
  const maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS;
  const restored = await restore({ ...options, client, steps, time: now() });
  const { state } = restored;
  let { lastBatch } = restored;
  let ahead: Promise<Reading> | undefined;
  return {
    state,
    close: async () => {
      await state.horizon.close();
      await client.close();
    },
    advance: async () => {
      const time = now();
      await state.horizon.moveOn(time, lastBatch + 1);
      const reading = await (ahead ?? readNext(state, state.cursors, maxEvents));
      ahead = undefined;
      const plan = findPlan(state, { now: time, ...reading });
      if (!plan) return false;
      const step = { batch: Math.max(lastBatch + 1, time * 1000), now: time };
      await steps.begin(step, plan);
      // What waits is read meanwhile; when nothing does, it is better to see afterwards what has come.
      if (reading.hasMore) ahead = readAhead(state, reading.cursors, maxEvents);
      await finish(state, steps, { step, plan, facts: reading.facts });
      lastBatch = step.batch;
      return true;
    },
  };
}

async function finish(
  state: ProjectorState,
  steps: StepLog,
  { step, plan, facts }: { step: Step; plan: Plan; facts: readonly ArrivedFact[] },
): Promise<Outcome> {
  const outcome = await runStep(state, step, { plan, facts });
  await steps.commit(step, outcome);
  Object.assign(state, outcome);
  return outcome;
}

/** The state under the rules of the pack; a step that was interrupted is finished before under those that it began with. */
async function restore(
  options: Pick<ProjectorOptions, "pack" | "shard" | "beside" | "maxHeld"> & {
    client: ClickHouseClient;
    steps: StepLog;
    time: number;
  },
): Promise<{ state: ProjectorState; lastBatch: number }> {
  const { client, pack, steps, time, shard = WHOLE, beside = [], maxHeld = DEFAULT_MAX_HELD } = options;
  const { last, unfinished } = await steps.restore();
  const versions = await recordRuleVersions(client, pack, time);
  const current = toRulesInForce(versions, pack);
  const open = (rules: RulesInForce, after: StateOptions["last"]) =>
    openProjectorState({ client, pack, versions, rules, shard, beside, maxHeld, last: after, now: time });
  const lastBatch = last?.batch ?? 0;
  const state = await open(unfinished?.plan.rules ?? current, {
    batch: lastBatch,
    outcome: last?.outcome ?? { cursors: {}, deferred: [], touches: [] },
  });
  if (!unfinished) return { state, lastBatch };
  const { batch, plan } = unfinished;
  const facts = await listArrivals(client, state.cursors, plan.cursors);
  const outcome = await finish(state, steps, { step: unfinished, plan, facts });
  const hasNewRules = plan.rules !== undefined && canonicalize(plan.rules) !== canonicalize(current);
  return { state: hasNewRules ? await open(current, { batch, outcome }) : state, lastBatch: batch };
}

/** The next events of the logs, where they end, and the windows in force where that may have changed. */
interface Reading extends Advance {
  facts: readonly ArrivedFact[];
  windows: readonly WindowVersion[] | undefined;
}

async function readNext(state: ProjectorState, from: Plan["cursors"], maxEvents: number): Promise<Reading> {
  const { client } = state;
  const readFacts = async () => {
    const advance = await findAdvance(client, from, maxEvents);
    return { ...advance, facts: await listArrivals(client, from, advance.cursors) };
  };
  const [read, windows] = await Promise.all([readFacts(), state.windows.readStored()]);
  return { ...read, windows };
}

/** Reads while the step before is evaluated. A failure is met when the reading is wanted. */
function readAhead(state: ProjectorState, from: Plan["cursors"], maxEvents: number): Promise<Reading> {
  const reading = readNext(state, from, maxEvents);
  reading.catch(() => undefined);
  return reading;
}

export interface Projector {
  stop: () => Promise<void>;
}

/** Keeps the projection up to date until it is stopped. `onError` hears of each failure, after which it starts again. */
export function startProjector(options: ProjectorOptions & { onError: (error: unknown) => void }): Projector {
  const stopping = new AbortController();
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const keepUp = async () => {
    const projector = await openProjector(options);
    try {
      while (!stopping.signal.aborted) if (!(await projector.advance())) await pause(POLL_MS);
    } finally {
      await projector.close();
    }
  };
  const run = async () => {
    for (let backoffMs = POLL_MS; !stopping.signal.aborted; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      try {
        await keepUp();
      } catch (error) {
        options.onError(error);
        await pause(backoffMs);
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
