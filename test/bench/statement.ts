import { join } from "node:path";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { startBenchApi } from "./bench-api.ts";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";
import { fillReconciliation } from "./stored-reconciliations.ts";
import { waitForMerges } from "./wait-for-merges.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const STEPS = 6;
const MAX_SETTLE_MS = 60_000;
const BUDGET = { must: 800, aim: 300 };

/** How long the questions of reconciliation take over the open items that 20 million events leave. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const events = readNumber(context, "events", 20_000_000);
  const rounds = readNumber(context, "rounds", 20);
  const engine = await startLocalEngine({
    directory: join(context.directory, "engine"),
    memoryBytes: ENGINE_MEMORY_BYTES,
  });
  context.defer(() => engine.stop());
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  context.defer(() => client.close());
  const lines = Math.floor(events / STEPS);
  context.say(`Storing the items of ${lines} receipts`);
  const reconciliation = "receipts-to-erp";
  await fillReconciliation(client, { reconciliation, lines, until: Math.floor(Date.now() / 1000) });
  context.say("Waiting until the engine has merged what it wants to");
  await waitForMerges(client, MAX_SETTLE_MS);
  const api = await startBenchApi(context, engine.connection);
  const day = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  const figures: Figure[] = [];
  for (const [name, path, budget] of [
    ["statement", "statement", BUDGET],
    ["statement of the period before", `statement?on=${day}`, BUDGET],
    ["open items, first page", "items", BUDGET],
    ["open items of the period before", `items?to=${monthEnd()}`, BUDGET],
    ["accruals", "accruals", BUDGET],
    ["drift of ninety days", "drift", {}],
  ] as const) {
    context.say(`Asking for ${name}`);
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const startedAt = performance.now();
      await api.get(`/reconciliations/${reconciliation}/${path}`);
      if (round > 0) times.push(performance.now() - startedAt);
    }
    const value = toPercentile(times, 0.95);
    figures.push({ name: `${name}, p95`, value, unit: "ms", ...budget, higherIsBetter: false });
  }
  return figures;
}

/** The beginning of this month, which is the end of a period of the books, in UTC. */
function monthEnd(): string {
  return `${new Date().toISOString().slice(0, 7)}-01T06:00:00Z`;
}
