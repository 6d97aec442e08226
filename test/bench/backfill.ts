import { join } from "node:path";
import { type Child, startChild } from "../faults/child.ts";
import { backfillResult } from "./backfill-process.ts";
import { type BenchContext, type Figure, readNumber } from "./harness.ts";
import { measureCatchingUp } from "./ingest.ts";
import { readCommitted, startBenchProjections, startBenchTower, waitUntil } from "./tower.ts";

const WITHIN_SECONDS = 300;

/**
 * The history of a simulated trade as it is made, sent and stored, `--days` of it for `--hospitals`, with the projections running
 * beside it. A year of one hospital is some two million events. `--catch-up off` ends when all is stored.
 */
export async function run(context: BenchContext): Promise<Figure[]> {
  const order = {
    seed: readNumber(context, "seed", 1),
    days: readNumber(context, "days", 365),
    hospitals: readNumber(context, "hospitals", 1),
    truthFile: join(context.directory, "truth.ndjson"),
  };
  const tower = await startBenchTower(context);
  const projections = await startBenchProjections(context, tower.engine);
  context.say(`Sending ${order.days} days of ${order.hospitals} hospitals`);
  const startedAt = performance.now();
  const child: Child = startChild(join(import.meta.dirname, "backfill-process.ts"), {
    ...order,
    gatewayUrl: tower.gateway.url,
    key: tower.key,
  });
  context.defer(() => child.kill());
  const sent = backfillResult.parse(await child.next());
  await child.kill();
  await waitUntil(async () => (await readCommitted(tower.client)).events >= sent.events);
  const stored = (performance.now() - startedAt) / 1000;
  context.say(`All stored after ${Math.round(stored)} s`);
  const isAwaited = projections !== undefined && context.options.get("catch-up") !== "off";
  const lag = isAwaited ? await measureCatchingUp(tower, projections, sent.events) : [];
  return [
    { name: "events", value: sent.events, unit: "", higherIsBetter: true },
    { name: "spans", value: sent.spans, unit: "", higherIsBetter: true },
    { name: "time until all was acknowledged", value: sent.seconds, unit: "s", higherIsBetter: false },
    { name: "time until the store had all", value: stored, unit: "s", must: WITHIN_SECONDS, higherIsBetter: false },
    { name: "events stored a second", value: sent.events / stored, unit: "events/s", higherIsBetter: true },
    { name: "processor: simulator", value: sent.cpuSeconds / sent.seconds, unit: "cores", higherIsBetter: false },
    { name: "most memory of the simulator", value: sent.memory / 1e6, unit: "MB", higherIsBetter: false },
    ...lag,
  ];
}
