import { afterAll, beforeAll, expect, test } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { at, issued } from "./legs/order-flow.fixture.ts";
import { ORDER_PACK, type ProjectedStore, openProjectedStore } from "./projected-store.fixture.ts";
import { type ProjectorOptions, openProjector } from "./projector.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = at("00:00");
const ORDERS = 300;

let projected: ProjectedStore;
beforeAll(async () => {
  projected = await openProjectedStore();
});
afterAll(() => projected.close());

/** Orders known from the start: half of them of the first hour, the others of ten hours, so that legs wait far ahead. */
const toStart = (index: number) => START + (index % 2 === 0 ? index / 5 : index * 2) * MINUTE_MS;
const orders = Array.from({ length: ORDERS }, (_, index) => ({
  ...issued(toStart(index), { id: `order-${index}`, arrivedAt: START }),
  objects: [{ type: "purchase_order_line", id: `${index}/10` }],
}));

/** Lets a day go by in steps of some minutes; returns what was judged when, and how many legs were held at most. */
async function letTimePass(limits: Pick<ProjectorOptions, "maxWaiting">) {
  const { client, connection } = projected;
  await clearStore(client);
  await storeBatch(client, orders, { log: "a", batch: 1, first: 1 });
  const clock = { now: START };
  const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => clock.now, ...limits });
  let held = 0;
  for (; clock.now < START + 22 * HOUR_MS; clock.now += HOUR_MS) {
    while (await projector.advance());
    held = Math.max(held, projector.state.horizon.wakes.size());
  }
  await projector.close();
  const rows = await client.query({
    query: "SELECT instance_id, flow, leg, verdict, evaluated_at FROM leg_verdicts ORDER BY ALL",
    format: "JSONCompactEachRow",
  });
  return { held, verdicts: await rows.json<string[]>() };
}

test("legs that wait are judged at their time though only the next of them are in memory", async () => {
  const all = await letTimePass({});
  const few = await letTimePass({ maxWaiting: 200 });
  expect(few.verdicts).toEqual(all.verdicts);
  expect(all.verdicts.length).toBeGreaterThan(ORDERS * 6 * 3);
  expect(all.held).toBeGreaterThan(1000);
  expect(few.held).toBeLessThan(500);
});
