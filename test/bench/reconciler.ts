import { join } from "node:path";
import { openReconciler } from "@throughline/api/projections/reconciler";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { loadPack } from "../../commands/pack-files.ts";
import { type BenchContext, type Figure, readNumber } from "./harness.ts";
import { fillPurchases } from "./stored-purchases.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;

/** How fast stored purchases are matched and reconciled, under the shipped tolerances and reconciliations. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const events = readNumber(context, "events", 600_000);
  const engine = await startLocalEngine({
    directory: join(context.directory, "engine"),
    memoryBytes: ENGINE_MEMORY_BYTES,
  });
  context.defer(() => engine.stop());
  await prepareStore(engine.connection);
  const client = createWriter(engine.connection);
  context.defer(() => client.close());
  context.say(`Storing ${events} events`);
  await fillPurchases(client, { log: "bench", count: events, until: Math.floor(Date.now() / 1000) - 3600 });
  const reconciler = await openReconciler({
    connection: engine.connection,
    pack: loadPack(join(import.meta.dirname, "../../config")),
    maxHeld: readNumber(context, "held", 400_000),
  });
  context.defer(() => reconciler.close());
  context.say("Matching and reconciling");
  const startedAt = performance.now();
  const used = process.cpuUsage();
  while (await reconciler.advance());
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = process.cpuUsage(used).user / 1e6;
  const countOf = async (table: string) => {
    const answer = await client.query({ query: `SELECT count() AS rows FROM ${table}`, format: "JSONEachRow" });
    const [{ rows } = { rows: 0 }] = await answer.json<{ rows: number }>();
    return rows;
  };
  return [
    { name: "events reconciled", value: events / seconds, unit: "events/s", aim: 10_000, higherIsBetter: true },
    {
      name: "processor time of the reconciler per event",
      value: (cpuSeconds / events) * 1e6,
      unit: "µs",
      higherIsBetter: false,
    },
    {
      name: "results appended per event",
      value: (await countOf("match_results")) / events,
      unit: "",
      higherIsBetter: false,
    },
    {
      name: "items appended per event",
      value: (await countOf("reconciliation_items")) / events,
      unit: "",
      higherIsBetter: false,
    },
    { name: "memory of the reconciler", value: process.memoryUsage().rss / 1e6, unit: "MB", higherIsBetter: false },
  ];
}
