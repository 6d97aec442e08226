import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { loadPack } from "../../commands/pack-files.ts";
import { type BenchApi, startBenchApi } from "./bench-api.ts";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";
import { fillTrade } from "./stored-trade.ts";
import { fillVerdicts } from "./stored-verdicts.ts";
import { waitForMerges } from "./wait-for-merges.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const STEPS = 6;
/** One that is slow should not hold up all others. */
const OUTCOME_ROUNDS = 10;
const MAX_SETTLE_MS = 300_000;

/** How long the pages' questions take over a store of 20 million events and their verdicts. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const events = readNumber(context, "events", 20_000_000);
  const rounds = readNumber(context, "rounds", 40);
  const engine = await startLocalEngine({
    directory: join(context.directory, "engine"),
    memoryBytes: ENGINE_MEMORY_BYTES,
  });
  context.defer(() => engine.stop());
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  context.defer(() => client.close());
  await fill(context, client, events);
  const api = await startBenchApi(context, engine.connection);
  return askAll(context, api, { ids: await listSomeLines(client, rounds), rounds });
}

async function askAll(
  context: BenchContext,
  api: BenchApi,
  { ids, rounds }: { ids: readonly string[]; rounds: number },
): Promise<Figure[]> {
  const range = `from=${new Date(Date.now() - 7 * 86_400_000).toISOString()}`;
  const again = (path: string, times = rounds) => Array.from({ length: times }, () => path);
  const of = (path: string) => ids.map((id) => `${path}${encodeURIComponent(id)}`);
  const questions: [name: string, paths: readonly string[], budget: { must?: number; aim?: number }][] = [
    ["overview", again(`/overview?${range}`), { must: 500, aim: 200 }],
    ["search by key", of("/journeys?key="), { must: 150, aim: 50 }],
    ["journey by key", of("/journeys/purchase_order_line/"), { must: 150, aim: 50 }],
    ["breaches, first page", again(`/breaches?${range}`), {}],
    ["flow", again(`/flows/procure-to-pay?${range}`), {}],
    ["outcomes", again("/outcomes", Math.min(rounds, OUTCOME_ROUNDS)), { must: 800, aim: 300 }],
  ];
  const figures: Figure[] = [];
  for (const [name, paths, budget] of questions)
    figures.push(toFigure(name, await measure(context, api, { name, paths }), budget));
  return figures;
}

async function fill(context: BenchContext, client: ClickHouseClient, events: number) {
  const until = Math.floor(Date.now() / 1000);
  context.say(`Storing ${events} events`);
  await fillTrade(client, { log: "bench", count: events, until });
  const pack = loadPack(join(import.meta.dirname, "../../config"));
  const lines = Math.floor(events / STEPS);
  for (const id of ["procure-to-pay", "goods-receipt-to-invoice"]) {
    const legs =
      pack.flows
        .get(id)
        ?.legs.slice(0, STEPS)
        .map((leg) => leg.id) ?? [];
    context.say(`Storing the verdicts of ${lines} lines of ${id}`);
    await fillVerdicts(client, { lines, flow: id, legs, until });
  }
  context.say("Waiting until the engine has merged what it wants to, as it has in a tower that has run for a while");
  await waitForMerges(client, MAX_SETTLE_MS);
}

async function listSomeLines(client: ClickHouseClient, count: number): Promise<string[]> {
  const result = await client.query({
    query: `SELECT object_id FROM object_events WHERE object_type = 'purchase_order_line' AND cityHash64(object_id) % 10007 = 1
      ORDER BY cityHash64(object_id) LIMIT ${count}`,
    format: "JSONEachRow",
  });
  const rows = await result.json<{ object_id: string }>();
  return rows.map((row) => row.object_id);
}

async function measure(context: BenchContext, { get }: BenchApi, question: { name: string; paths: readonly string[] }) {
  context.say(`Asking for ${question.name}`);
  const [first] = question.paths;
  if (first === undefined) throw new Error(`There is nothing to ask for ${question.name}`);
  await get(first);
  const times: number[] = [];
  for (const path of question.paths) {
    const startedAt = performance.now();
    await get(path);
    times.push(performance.now() - startedAt);
  }
  return times;
}

function toFigure(name: string, times: readonly number[], budget: { must?: number; aim?: number }): Figure {
  return { name: `${name}, p95`, value: toPercentile(times, 0.95), unit: "ms", ...budget, higherIsBetter: false };
}
