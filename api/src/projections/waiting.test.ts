import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { findCrossed, type WindowTouch } from "./engine/crossed-legs.ts";
import { listCurrentLegs } from "./engine/leg-store.ts";
import { acknowledged, at, createFact, issued, orderModel, received } from "./legs/order-flow.fixture.ts";
import { ORDER_PACK, type ProjectedStore, openProjectedStore } from "./projected-store.fixture.ts";
import { type ProjectorOptions, openProjector } from "./projector.ts";
import { storeBatch } from "./stored-facts.fixture.ts";
import { storeWindow } from "./stored-windows.fixture.ts";

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

/** Nearly all orders pass their deadlines while their feed says nothing; then it says that nothing will come. */
async function letFeedSpeak(limits: Pick<ProjectorOptions, "maxWaiting">) {
  const { client, connection } = projected;
  await clearStore(client);
  const speak = (time: number) =>
    createFact({
      type: HEARTBEAT_TYPE,
      domain: "throughline",
      time,
      objects: [],
      attributes: { watermark: new Date(time).toISOString() },
    });
  await storeBatch(client, [...orders, received(START, "1", { objects: [] }), speak(START)], {
    log: "a",
    batch: 1,
    first: 1,
  });
  const clock = { now: START };
  const pack: Pack = {
    ...ORDER_PACK,
    sources: [{ source: "erp", watermark: "heartbeat", lag: "PT0S", silentAfter: "P2D" }],
  };
  const open = () => openProjector({ connection, pack, now: () => clock.now, ...limits });
  let projector = await open();
  let held = 0;
  const work = async () => {
    while (await projector.advance()) held = Math.max(held, projector.state.horizon.wakes.size());
  };
  for (; clock.now < START + 24 * HOUR_MS; clock.now += 4 * HOUR_MS) await work();
  await projector.close();
  projector = await open();
  for (const [index, hours] of [12, 23].entries()) {
    clock.now += MINUTE_MS;
    const said = { ...speak(START + hours * HOUR_MS), arrivedAt: clock.now };
    await storeBatch(client, [said], { log: "a", batch: index + 2, first: ORDERS + 3 + index });
    await work();
  }
  await projector.close();
  const rows = await client.query({
    query: "SELECT instance_id, flow, leg, verdict, evaluated_at FROM leg_verdicts ORDER BY ALL",
    format: "JSONCompactEachRow",
  });
  return { held, verdicts: await rows.json<string[]>() };
}

test("legs that wait for a watermark are judged when it comes though only the first of them are in memory", async () => {
  const all = await letFeedSpeak({});
  const few = await letFeedSpeak({ maxWaiting: 200 });
  expect(few.verdicts).toEqual(all.verdicts);
  expect(all.verdicts.filter(([, , , verdict]) => verdict === "BREACHED").length).toBeGreaterThan(ORDERS * 4);
  expect(all.held).toBeGreaterThan(1200);
  expect(few.held).toBeLessThan(800);
}, 120_000);

test("legs that wait are judged at their time though only the next of them are in memory", async () => {
  const all = await letTimePass({});
  const few = await letTimePass({ maxWaiting: 200 });
  expect(few.verdicts).toEqual(all.verdicts);
  expect(all.verdicts.length).toBeGreaterThan(ORDERS * 6 * 3);
  expect(all.held).toBeGreaterThan(1000);
  expect(few.held).toBeLessThan(500);
}, 120_000);

test("what a window crosses is looked for among so many verdicts in a step, also where it crosses nothing", async () => {
  const { client } = projected;
  await clearStore(client);
  await storeBatch(client, orders, { log: "a", batch: 1, first: 1 });
  await projected.project();
  const anywhere = { flow: "", leg: "", site: "", supplier: "", source: "", from: START, until: null };
  const options = { models: [orderModel], carried: {}, before: Number.MAX_SAFE_INTEGER, maxVerdicts: 100 };
  let touches: WindowTouch[] = [anywhere];
  const crossed = new Set<string>();
  let steps = 0;
  for (; touches.length > 0; steps += 1) {
    const found = await findCrossed(client, touches, options);
    for (const id of found.instances.get("order") ?? []) crossed.add(id);
    touches = found.rest;
  }
  expect(crossed.size).toBe(ORDERS);
  expect(steps).toBeGreaterThan(5);
  const nowhere = await findCrossed(client, [{ ...anywhere, site: "nowhere" }], options);
  expect(nowhere.rest).toMatchObject([{ after: { flow: "order", id: expect.stringContaining("/10") } }]);
});

test("a window for a source is for the suppliers that it sends for, and for those of which that becomes known later", async () => {
  const { client, connection } = projected;
  await clearStore(client);
  const ofLine = (id: string, supplier: string) => [
    { type: "purchase_order_line", id },
    { type: "supplier", id: supplier },
  ];
  const order = (line: string, supplier: string) =>
    issued(at("10:00"), { id: `o ${line}`, objects: ofLine(line, supplier) });
  const answer = (line: string, supplier: string, source: string) =>
    acknowledged(at("15:00"), { id: `a ${line}`, source, objects: ofLine(line, supplier) });
  const judge = async () => {
    const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => START + 48 * HOUR_MS });
    while (await projector.advance());
    await projector.close();
    const ask = { instanceIds: ["1/10", "2/10"], before: Number.MAX_SAFE_INTEGER };
    const legs = await listCurrentLegs(client, orderModel, ask);
    const own = legs.filter(({ leg }) => leg === "acknowledgement");
    return own.map(({ instanceId, verdict }) => `${instanceId} ${verdict}`).toSorted();
  };
  const answers = [answer("1/10", "ACME", "/edi/A"), answer("2/10", "BRAVO", "/edi/B")];
  const facts = [order("1/10", "ACME"), order("2/10", "BRAVO"), ...answers];
  const first = await storeBatch(client, facts, { log: "a", batch: 1, first: 1 });
  const times = { from: at("11:00"), until: at("12:30") };
  await storeWindow(client, { id: "w1", version: 2, kind: "excuse", state: "approved", source: "/edi/A", ...times });
  expect(await judge()).toEqual(["1/10 MET", "2/10 BREACHED"]);
  await storeBatch(client, [answer("3/10", "BRAVO", "/edi/A")], { log: "a", batch: 2, first });
  expect(await judge()).toEqual(["1/10 MET", "2/10 MET"]);
});
