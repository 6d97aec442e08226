import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { flowDetail } from "@throughline/api/contract/flow";
import { openProjector, type LegProjector } from "@throughline/api/projections/projector";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { ClickHouseClient } from "@clickhouse/client";
import { loadPack } from "../../commands/pack-files.ts";
import { type BenchApi, startBenchApi } from "./bench-api.ts";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";
import { countVerdictsSince, fillOpenLegs, storeFirstWord, storeHeartbeat } from "./open-legs.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Longer than a source that sends heartbeats may be silent. */
const SILENCE_MS = 16 * MINUTE_MS;

interface Store {
  client: ClickHouseClient;
  open: () => Promise<LegProjector>;
  /** The projector's clock. */
  clock: { now: number };
}

interface Plan {
  legs: number;
  /** How many of them fall due at once, each round. */
  due: number;
  rounds: number;
  startMs: number;
}

/** How long it takes until what falls due among many open legs is judged, and until all of them are seen to be blind. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const plan = {
    legs: readNumber(context, "legs", 1_000_000),
    due: readNumber(context, "due", 10_000),
    rounds: readNumber(context, "rounds", 5),
    startMs: Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS,
  };
  const { store, connection } = await startStore(context, plan);
  const next = await storeFirstWord(store.client, plan.startMs);
  const batch = await projectFirstWord(store);
  context.say(`Storing ${plan.legs} open legs`);
  await fillOpenLegs(store.client, {
    count: plan.legs,
    dueAt: listDue(plan),
    dueAtOnce: plan.due,
    startedMs: plan.startMs - 2 * HOUR_MS,
    laterMs: plan.startMs + 5 * HOUR_MS,
    batch,
  });
  const api = await startBenchApi(context, connection);
  context.say("Opening the projector");
  const opening = performance.now();
  const projector = await store.open();
  context.defer(() => projector.close());
  const openMs = performance.now() - opening;
  context.say("Letting legs fall due");
  const swept = await sweep(store, projector, { ...plan, batch, next });
  const blinded = await goBlind(store, projector, { ...plan, api });
  const horizon = await moveHorizon(store, projector, plan);
  return [
    ...swept,
    ...blinded,
    toFigure("reading all waiting legs at the start", openMs),
    toFigure("reading those of the next hours, beside the work", horizon.readMs),
    toFigure("  the longest that work waited for it", horizon.waitedMs),
    { name: "memory of projector and API", value: process.memoryUsage().rss / 1e6, unit: "MB", higherIsBetter: false },
  ];
}

async function startStore(context: BenchContext, { startMs }: Plan) {
  const directory = join(context.directory, "engine");
  const engine = await startLocalEngine({ directory, memoryBytes: ENGINE_MEMORY_BYTES });
  context.defer(() => engine.stop());
  const { connection } = engine;
  await prepareStore(connection);
  const client = createWriter(connection);
  context.defer(() => client.close());
  const pack = loadPack(join(import.meta.dirname, "../../config"));
  const clock = { now: startMs };
  const open = () => openProjector({ connection, pack, now: () => clock.now });
  return { store: { client, clock, open }, connection };
}

function listDue({ rounds, startMs }: Plan): number[] {
  return Array.from({ length: rounds }, (_, round) => startMs + (round + 1) * MINUTE_MS);
}

/** Runs the projector once over what was stored; returns the number of its last step. */
async function projectFirstWord({ client, open }: Store): Promise<number> {
  const projector = await open();
  while (await projector.advance());
  await projector.close();
  const result = await client.query({
    query: "SELECT toString(max(batch)) AS batch FROM projection_steps WHERE phase = 'commit'",
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ batch: string }>();
  return Number(row?.batch);
}

/** In each round legs pass their deadline, and then a heartbeat says that nothing more will come of them. */
async function sweep(
  store: Store,
  projector: LegProjector,
  { batch, ...plan }: Plan & { batch: number; next: number },
): Promise<Figure[]> {
  const passed: number[] = [];
  const confirmed: number[] = [];
  let { next } = plan;
  for (const [round, at] of listDue(plan).entries()) {
    const count = plan.due * (round + 1);
    store.clock.now = at + 1;
    passed.push(await timeWork(projector));
    await expectAppended(store, batch, { verdict: "OVERDUE_PROVISIONAL", count });
    store.clock.now = at + 1000;
    next = await storeHeartbeat(store.client, { batch: round + 2, next, timeMs: store.clock.now });
    confirmed.push(await timeWork(projector));
    await expectAppended(store, batch, { verdict: "BREACHED", count });
  }
  return [
    toFigure("legs that pass their deadline, slowest round", Math.max(...passed), { must: 1000, aim: 200 }),
    ...listRounds(passed),
    toFigure("legs that a heartbeat decides, slowest round", Math.max(...confirmed), { must: 1000, aim: 200 }),
    ...listRounds(confirmed),
    toFigure("  both, median", toPercentile([...passed, ...confirmed], 0.5)),
  ];
}

function listRounds(times: readonly number[]): Figure[] {
  return times.map((ms, index) => toFigure(`  round ${index + 1}`, ms));
}

/** The feed of all legs falls silent, and the API is asked how they stand. */
async function goBlind(store: Store, projector: LegProjector, { api, ...plan }: Plan & { api: BenchApi }) {
  const [from, to] = [plan.startMs - 24 * HOUR_MS, plan.startMs + 24 * HOUR_MS].map((ms) => new Date(ms).toISOString());
  const readCounts = async () =>
    flowDetail.parse(await api.get(`/flows/procure-to-pay?from=${from}&to=${to}`)).summary.counts;
  const before = await readCounts();
  store.clock.now += SILENCE_MS;
  const recordMs = await timeWork(projector);
  const asking = performance.now();
  const after = await readCounts();
  const answerMs = performance.now() - asking;
  const breached = plan.due * plan.rounds;
  const [saw, sees] = [before, after].map((counts) => [counts.unknown.value, counts.breached.value].join());
  if (saw !== `0,${breached}` || sees !== `${plan.legs - breached},${breached}`)
    throw new Error(`Unknown and breached legs were ${saw} and are ${sees}`);
  return [
    toFigure("a feed goes blind, until the API shows it", recordMs + answerMs, { must: 1000, aim: 100 }),
    toFigure("  of which the projector", recordMs),
    toFigure("  of which the first answer", answerMs),
  ];
}

/** Half of what is held in memory is used up, so that the next is read while the projector goes on. */
async function moveHorizon({ clock }: Store, projector: LegProjector, { startMs }: Plan) {
  clock.now = startMs + 3 * HOUR_MS + MINUTE_MS;
  const startedAt = performance.now();
  let waitedMs = 0;
  do {
    waitedMs = Math.max(waitedMs, await timeWork(projector));
    await setImmediate();
  } while (projector.state.horizon.isReading());
  return { waitedMs, readMs: performance.now() - startedAt };
}

/** How long the projector works on all that there is to do, in milliseconds. */
async function timeWork(projector: LegProjector): Promise<number> {
  const startedAt = performance.now();
  while (await projector.advance());
  return performance.now() - startedAt;
}

async function expectAppended({ client }: Store, since: number, expected: { verdict: string; count: number }) {
  const found = await countVerdictsSince(client, since, expected.verdict);
  if (found !== expected.count) throw new Error(`${found} legs instead of ${expected.count} are ${expected.verdict}`);
}

function toFigure(name: string, value: number, budget: { must?: number; aim?: number } = {}): Figure {
  return { name, value, unit: "ms", ...budget, higherIsBetter: false };
}
