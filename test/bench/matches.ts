import { join } from "node:path";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { startBenchApi } from "./bench-api.ts";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";
import { fillMatches } from "./stored-matches.ts";
import { waitForMerges } from "./wait-for-merges.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const MAX_SETTLE_MS = 60_000;
const DAY_MS = 86_400_000;
const BUDGET = { must: 800, aim: 300 };

/** How long lists of matches take over a million results, by what they are narrowed to. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const results = readNumber(context, "results", 1_000_000);
  const rounds = readNumber(context, "rounds", 20);
  const engine = await startLocalEngine({
    directory: join(context.directory, "engine"),
    memoryBytes: ENGINE_MEMORY_BYTES,
  });
  context.defer(() => engine.stop());
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  context.defer(() => client.close());
  context.say(`Storing ${results} results`);
  await fillMatches(client, { results, until: Math.floor(Date.now() / 1000) });
  context.say("Waiting until the engine has merged what it wants to");
  await waitForMerges(client, MAX_SETTLE_MS);
  const api = await startBenchApi(context, engine.connection);
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const figures: Figure[] = [];
  for (const [name, query] of [
    ["matches, first page", ""],
    ["of a supplier", "supplier=S7"],
    ["held", "outcome=held"],
    ["of a supplier and held", "supplier=S7&outcome=held"],
    ["by text", "q=INV-99"],
    ["resolved", "state=resolved"],
    ["as of a month ago", `asOf=${ago(30)}`],
    ["of a supplier, as of a month ago", `supplier=S7&asOf=${ago(30)}`],
    ["open as of a month ago", `state=open&asOf=${ago(30)}`],
  ] as const) {
    context.say(`Asking for ${name}`);
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const startedAt = performance.now();
      await api.get(`/matches?${query}`);
      if (round > 0) times.push(performance.now() - startedAt);
    }
    const value = toPercentile(times, 0.95);
    figures.push({ name: `${name}, p95`, value, unit: "ms", ...BUDGET, higherIsBetter: false });
  }
  return figures;
}
