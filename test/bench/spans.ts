import { type BenchContext, type Figure, readCpuSeconds, readNumber } from "./harness.ts";
import { readCommitted, startBenchTower, waitUntil } from "./tower.ts";

const WARM_UP_SECONDS = 5;

/** Durable ingest of OTLP spans in protobuf with ten attributes each, as fast as they are taken. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 60);
  const order = {
    kind: "spans" as const,
    connections: readNumber(context, "connections", 4),
    batch: readNumber(context, "batch", 1000),
    seed: readNumber(context, "seed", 1),
    first: 0,
  };
  const tower = await startBenchTower(context);
  context.say(`Warming up for ${WARM_UP_SECONDS} s`);
  const warm = await tower.load({ ...order, seconds: WARM_UP_SECONDS });
  const before = readCpuSeconds(tower.gateway.pid);
  context.say(`Sending for ${seconds} s`);
  const sent = await tower.load({ ...order, seconds });
  const cores = (readCpuSeconds(tower.gateway.pid) - before) / sent.seconds;
  const total = warm.accepted + sent.accepted;
  const atEnd = await readCommitted(tower.client);
  const drainedSeconds = await waitUntil(async () => (await readCommitted(tower.client)).spans >= total);
  const perSecond = sent.accepted / sent.seconds;
  const refused = Object.values(sent.refused).reduce((sum, count) => sum + count, 0);
  return [
    {
      name: "spans acknowledged as durable",
      value: perSecond,
      unit: "spans/s",
      must: 20_000,
      aim: 60_000,
      higherIsBetter: true,
    },
    { name: "bytes of protobuf per span", value: sent.bytes / sent.accepted, unit: "B", higherIsBetter: false },
    { name: "time to acknowledgement, p50", value: sent.latency.p50, unit: "ms", higherIsBetter: false },
    { name: "time to acknowledgement, p99", value: sent.latency.p99, unit: "ms", higherIsBetter: false },
    { name: "requests that were not taken", value: refused, unit: "", higherIsBetter: false },
    {
      name: "acknowledged but not yet in the store at the end",
      value: total - atEnd.spans,
      unit: "spans",
      higherIsBetter: false,
    },
    { name: "time until the store had all", value: drainedSeconds, unit: "s", higherIsBetter: false },
    { name: "processor: gateway", value: cores, unit: "cores", higherIsBetter: false },
  ];
}
