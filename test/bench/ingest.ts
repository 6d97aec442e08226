import { setTimeout as delay } from "node:timers/promises";
import { type BenchContext, type Figure, readCpuSeconds, readMemoryBytes, readNumber } from "./harness.ts";
import { measureRawInserts } from "./raw-inserts.ts";
import { type BenchTower, readCommitted, startBenchProjector, startBenchTower } from "./tower.ts";

const WARM_UP_SECONDS = 5;

/** Durable ingest of business events as fast as they are taken, with the projections running beside it. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 60);
  const order = {
    kind: "events" as const,
    connections: readNumber(context, "connections", 4),
    batch: readNumber(context, "batch", 1000),
    seed: readNumber(context, "seed", 1),
  };
  const tower = await startBenchTower(context);
  const projector =
    context.options.get("projector") === "off" ? undefined : await startBenchProjector(context, tower.engine);
  context.say(`Warming up for ${WARM_UP_SECONDS} s`);
  const warm = await tower.load({ ...order, seconds: WARM_UP_SECONDS, first: 0 });
  const before = readUse(tower, projector);
  context.say(`Sending for ${seconds} s`);
  const sent = await tower.load({ ...order, seconds, first: warm.next });
  const used = toUse(before, readUse(tower, projector), sent.seconds);
  const atEnd = await readCommitted(tower.client);
  const total = warm.accepted + sent.accepted;
  const drainedSeconds = await waitUntil(async () => (await readCommitted(tower.client)).events >= total);
  const perSecond = sent.accepted / sent.seconds;
  const projections = projector === undefined ? [] : await measureProjections(tower, total);
  const raw = await measureRawInserts(context, tower);
  return [
    {
      name: "events acknowledged as durable",
      value: perSecond,
      unit: "events/s",
      must: 30_000,
      aim: 100_000,
      higherIsBetter: true,
    },
    {
      name: "share of raw JSONEachRow inserts",
      value: perSecond / raw,
      unit: "",
      must: 0.2,
      aim: 0.6,
      higherIsBetter: true,
    },
    { name: "raw JSONEachRow inserts, one connection", value: raw, unit: "events/s", higherIsBetter: true },
    { name: "bytes of JSON per event", value: sent.bytes / sent.accepted, unit: "B", higherIsBetter: false },
    { name: "time to acknowledgement, p50", value: sent.latency.p50, unit: "ms", higherIsBetter: false },
    { name: "time to acknowledgement, p99", value: sent.latency.p99, unit: "ms", higherIsBetter: false },
    {
      name: "requests that were not taken",
      value: Object.values(sent.refused).reduce((sum, count) => sum + count, 0),
      unit: "",
      higherIsBetter: false,
    },
    {
      name: "acknowledged but not yet in the store at the end",
      value: total - atEnd.events,
      unit: "events",
      higherIsBetter: false,
    },
    { name: "time until the store had all", value: drainedSeconds, unit: "s", higherIsBetter: false },
    ...projections,
    ...used,
  ];
}

async function measureProjections(tower: BenchTower, total: number): Promise<Figure[]> {
  const read = async () => {
    const result = await tower.client.query({
      query: "SELECT sum(accepted + duplicates + superseded + conflicts) AS events FROM source_activity",
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return (await result.json<{ events: number }>())[0]?.events ?? 0;
  };
  const behind = total - (await read());
  const seconds = await waitUntil(async () => (await read()) >= total);
  return [
    { name: "projections: behind at the end", value: behind, unit: "events", higherIsBetter: false },
    { name: "projections: time to catch up", value: seconds, unit: "s", higherIsBetter: false },
  ];
}

function readUse({ engine, gateway }: BenchTower, projector: number | undefined) {
  const pids = { engine: engine.pid() ?? 0, gateway: gateway.pid, ...(projector !== undefined && { projector }) };
  return Object.entries(pids).map(([name, pid]) => ({ name, cpu: readCpuSeconds(pid), memory: readMemoryBytes(pid) }));
}

function toUse(before: ReturnType<typeof readUse>, after: ReturnType<typeof readUse>, seconds: number): Figure[] {
  const memory = after.reduce((sum, use) => sum + use.memory, 0);
  const cores = after.map(({ name, cpu }, index): Figure => {
    const used = cpu - (before[index]?.cpu ?? 0);
    return { name: `processor: ${name}`, value: used / seconds, unit: "cores", higherIsBetter: false };
  });
  return [
    ...cores,
    { name: "resident memory, all processes", value: memory / 1e9, unit: "GB", must: 6, aim: 3, higherIsBetter: false },
  ];
}

/** Seconds until a condition holds; gives up after ten minutes. */
async function waitUntil(holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > 600_000) return Number.POSITIVE_INFINITY;
    await delay(100);
  }
  return (performance.now() - startedAt) / 1000;
}
