import { type BenchContext, type Figure, readCpuSeconds, readMemoryBytes, readNumber } from "./harness.ts";
import type { LoadResult } from "./load/sender.ts";
import { measureRawInserts } from "./raw-inserts.ts";
import {
  type BenchProjections,
  type BenchTower,
  readCommitted,
  readProjected,
  readReconciled,
  startBenchProjections,
  startBenchTower,
  waitUntil,
} from "./tower.ts";

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
  const projections = await startBenchProjections(context, tower.engine);
  context.say(`Warming up for ${WARM_UP_SECONDS} s`);
  const warm = await tower.load({ ...order, seconds: WARM_UP_SECONDS, first: 0 });
  const before = readUse(tower, projections);
  context.say(`Sending for ${seconds} s`);
  const sent = await tower.load({ ...order, seed: order.seed + 1, seconds, first: warm.next });
  const used = toUse(before, readUse(tower, projections), sent.seconds);
  const atEnd = await readCommitted(tower.client);
  const total = warm.accepted + sent.accepted;
  const drainedSeconds = await waitUntil(async () => (await readCommitted(tower.client)).events >= total);
  const lag = projections === undefined ? [] : await measureCatchingUp(tower, projections, total);
  const raw = await measureRawInserts(context, tower);
  const behind = total - atEnd.events;
  return [...toSpeedFigures(sent, raw), ...toStoreFigures(behind, drainedSeconds), ...lag, ...used];
}

function toSpeedFigures(sent: LoadResult, raw: number): Figure[] {
  const perSecond = sent.accepted / sent.seconds;
  const refused = Object.values(sent.refused).reduce((sum, count) => sum + count, 0);
  const speed = { must: 30_000, aim: 100_000, higherIsBetter: true };
  return [
    { name: "events acknowledged as durable", value: perSecond, unit: "events/s", ...speed },
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
    { name: "requests that were not taken", value: refused, unit: "", higherIsBetter: false },
  ];
}

function toStoreFigures(behind: number, drainedSeconds: number): Figure[] {
  return [
    { name: "acknowledged but not yet in the store at the end", value: behind, unit: "events", higherIsBetter: false },
    { name: "time until the store had all", value: drainedSeconds, unit: "s", higherIsBetter: false },
  ];
}

/** How far the projections are behind so many events that are all stored, and how long they need for them. */
export async function measureCatchingUp(tower: BenchTower, { reconciler }: BenchProjections, total: number) {
  const { position } = await readCommitted(tower.client);
  const measure = async (name: string, read: typeof readProjected, until: number) => {
    const behind = until - (await read(tower.client));
    const seconds = await waitUntil(async () => (await read(tower.client)) >= until);
    return [
      { name: `${name}: behind at the end`, value: behind, unit: "events", higherIsBetter: false },
      { name: `${name}: time to catch up`, value: seconds, unit: "s", higherIsBetter: false },
    ];
  };
  const [legs, reconciled] = await Promise.all([
    measure("legs", readProjected, total),
    // It passes spans and what was refused as well.
    reconciler === undefined ? [] : measure("reconciler", readReconciled, position),
  ]);
  return [...legs, ...reconciled];
}

function readUse({ engine, gateway }: BenchTower, projections: BenchProjections | undefined) {
  const pids = { engine: engine.pid() ?? 0, gateway: gateway.pid, ...projections };
  return Object.entries(pids).flatMap(([name, pid]) =>
    pid === undefined ? [] : [{ name, cpu: readCpuSeconds(pid), memory: readMemoryBytes(pid) }],
  );
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
