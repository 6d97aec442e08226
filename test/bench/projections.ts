import { join } from "node:path";
import { openProjector } from "@throughline/api/projections/projector";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { ClickHouseClient } from "@clickhouse/client";
import { loadPack } from "../../commands/pack-files.ts";
import { type BenchContext, type Figure, readNumber } from "./harness.ts";
import { fillOpenLegs } from "./open-legs.ts";
import { fillTrade } from "./stored-trade.ts";

const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const HOUR_MS = 3_600_000;

/** How fast stored events become verdicts, over all shipped flows; with `--open N`, while N other legs are open. */
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
  await fillTrade(client, { log: "bench", count: events, until: Math.floor(Date.now() / 1000) - 3600 });
  const open = readNumber(context, "open", 0);
  if (open > 0) await fillWaitingLegs(context, client, open);
  const projector = await openProjector({
    connection: engine.connection,
    pack: loadPack(join(import.meta.dirname, "../../config")),
  });
  context.defer(() => projector.close());
  context.say("Evaluating");
  const startedAt = performance.now();
  const used = process.cpuUsage();
  while (await projector.advance());
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = process.cpuUsage(used).user / 1e6;
  const result = await client.query({
    query: "SELECT count() AS rows FROM leg_verdicts WHERE batch > 0",
    format: "JSONEachRow",
  });
  const [{ rows } = { rows: 0 }] = await result.json<{ rows: number }>();
  return [
    {
      name: "events evaluated",
      value: events / seconds,
      unit: "events/s",
      must: 10_000,
      aim: 30_000,
      higherIsBetter: true,
    },
    {
      name: "processor time of the projector per event",
      value: (cpuSeconds / events) * 1e6,
      unit: "µs",
      higherIsBetter: false,
    },
    { name: "verdicts appended per event", value: rows / events, unit: "", higherIsBetter: false },
    { name: "memory of the projector", value: process.memoryUsage().rss / 1e6, unit: "MB", higherIsBetter: false },
  ];
}

/** Legs that fall due between one and three hours from now, as if a step before the first had left them. */
async function fillWaitingLegs(context: BenchContext, client: ClickHouseClient, count: number) {
  context.say(`Storing ${count} open legs`);
  const now = Date.now();
  await fillOpenLegs(client, {
    count,
    dueAt: [],
    dueAtOnce: 1,
    startedMs: now - 2 * HOUR_MS,
    laterMs: now + HOUR_MS,
    batch: 0,
  });
}
