import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type BenchApi, startBenchApi } from "./bench-api.ts";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";
import { type BenchTower, startBenchProjections, startBenchTower } from "./tower.ts";

const POLL_MS = 400;
const GIVE_UP_MS = 20_000;
const WARM_UP_MS = 15_000;

const journey = z.object({ events: z.array(z.unknown()), legs: z.array(z.unknown()) });

/** How long after its acknowledgement an event, and the verdict that it starts, can be seen through the API under load. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 60);
  const perSecond = readNumber(context, "rate", 5000);
  const tower = await startBenchTower(context);
  await startBenchProjections(context, tower.engine);
  const api = await startBenchApi(context, tower.engine.connection);
  context.say(`Sending ${perSecond} events/s for ${seconds} s`);
  const load = tower.load({ kind: "events", seconds, connections: 2, batch: 250, perSecond, seed: 1, first: 0 });
  await delay(WARM_UP_MS);
  const end = performance.now() + seconds * 1000 - WARM_UP_MS - 2000;
  // One at a time, as a person asks: askers in a crowd would measure themselves, since each answer takes 70 ms of processor time.
  const seen: { event: number; verdict: number }[] = [];
  while (performance.now() < end) seen.push(await probe(tower, api, `probe-${seen.length}`));
  const sent = await load;
  const toFigures = (name: string, times: readonly number[], budget: { must?: number; aim?: number }): Figure[] => [
    { name: `${name}, p50`, value: toPercentile(times, 0.5), unit: "ms", higherIsBetter: false },
    { name: `${name}, p99`, value: toPercentile(times, 0.99), unit: "ms", ...budget, higherIsBetter: false },
  ];
  const [events, verdicts] = [seen.map(({ event }) => event), seen.map(({ verdict }) => verdict)];
  return [
    {
      name: "events acknowledged beside the probes",
      value: sent.accepted / sent.seconds,
      unit: "events/s",
      higherIsBetter: true,
    },
    { name: "probes", value: seen.length, unit: "", higherIsBetter: true },
    ...toFigures("event visible after its acknowledgement", events, { must: 2000, aim: 1000 }),
    ...toFigures("verdict visible after its acknowledgement", verdicts, { must: 2000, aim: 1000 }),
  ];
}

/** Sends one order and asks for its journey until the event and then its legs are there. Milliseconds since its 202. */
async function probe(
  { gateway, key }: BenchTower,
  api: BenchApi,
  id: string,
): Promise<{ event: number; verdict: number }> {
  const response = await fetch(`${gateway.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/cloudevents+json" },
    body: JSON.stringify({
      specversion: "1.0",
      id,
      source: "urn:hospital:procurement:probe",
      type: "procurement.purchase_order.issued",
      time: new Date().toISOString(),
      site: "site-0",
      data: { objects: [{ type: "purchase_order_line", id }], measures: { quantity: { value: "10", unit: "EA" } } },
    }),
  });
  if (response.status !== 202) throw new Error(`A probe was answered with ${response.status}`);
  const acceptedAt = performance.now();
  let event: number | undefined;
  for (;;) {
    const body = journey.safeParse(await api.get(`/journeys/purchase_order_line/${id}`).catch(() => undefined));
    const now = performance.now() - acceptedAt;
    if (body.success && body.data.events.length > 0) event ??= now;
    if (event !== undefined && body.data && body.data.legs.length > 0) return { event, verdict: now };
    if (now > GIVE_UP_MS) return { event: event ?? now, verdict: now };
    await delay(POLL_MS);
  }
}
