import { afterAll, beforeAll, expect, test } from "vitest";
import type { Flow } from "@throughline/schemas/pack/flow";
import { journey } from "../contract/journey.ts";
import { legPage } from "../contract/leg.ts";
import { legStory } from "../contract/leg-story.ts";
import { at, toEvent, toVerdict } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const LINE = "45/10";
const PATH = `/legs/order/receipt/purchase_order_line/${encodeURIComponent(LINE)}/0`;
const OBJECTS = [["purchase_order_line", LINE]] as const;
let tower: Tower;

/** Sent at 0, due at 240. The receipt of 200 arrives at 400, after the breach; it is taken back at 450. */
const EVENTS = [
  { position: 1, minute: 0, objects: OBJECTS },
  { position: 2, minute: 200, arrivedMinute: 400, type: "erp.goods_receipt.posted", objects: OBJECTS },
  {
    position: 3,
    minute: 450,
    arrivedMinute: 451,
    type: "erp.goods_receipt.reversed",
    objects: OBJECTS,
    reverses: "e2",
  },
];

const START = { start_log: "g1", start_position: 1, started_at: at(0), due_at: at(240) };
const END = { end_log: "g1", end_position: 2, ended_at: at(200) };
const VERDICTS = [
  { verdict: "OPEN", evaluated: 1, ...START },
  { verdict: "AT_RISK", evaluated: 192, ...START },
  { verdict: "OVERDUE_PROVISIONAL", evaluated: 241, ...START, wake_source: "/erp" },
  { verdict: "BREACHED", evaluated: 250, ...START },
  { verdict: "MET", evaluated: 401, ...START, ...END },
  { verdict: "AT_RISK", evaluated: 452, ...START, due_at: at(490), flags: ["reopened"] },
  { verdict: "AT_RISK", evaluated: 460, ...START, due_at: at(490), flags: ["reopened"], rule_version: "v2" },
] as const;

const CHANGED = "procurement.purchase_order.changed";

/** The order's flow with a leg that ends by quantity, and changes that state what was ordered. */
const PACK = { ...TEST_PACK, flows: new Map([...TEST_PACK.flows].map(([id, flow]) => [id, addCompletion(flow)])) };

function addCompletion(flow: Flow): Flow {
  const complete = flow.legs
    .filter(({ id }) => id === "receipt")
    .map((leg) => ({ ...leg, id: "complete", completion: { underTolerancePercent: 5 } }));
  const changes = complete.map(({ from }) => ({ events: [{ type: CHANGED }], legs: [], quantity: from }));
  return { ...flow, legs: [...flow.legs, ...complete], changes };
}

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(470)), pack: PACK });
  await tower.insert(
    "events",
    EVENTS.map(({ arrivedMinute, reverses, ...event }) => ({
      ...toEvent(event),
      ...(arrivedMinute !== undefined && { arrived_at: at(arrivedMinute) }),
      ...(reverses !== undefined && { reverses: JSON.stringify({ source: "/erp", id: reverses }) }),
    })),
  );
  await tower.insert(
    "leg_verdicts",
    VERDICTS.map(({ evaluated, verdict, ...row }, index) => ({
      ...toVerdict({ id: LINE, verdict, batch: index + 1, minute: 0, evaluatedMinute: evaluated }),
      ended_at: null,
      ...row,
    })),
  );
});

afterAll(() => tower.close());

const read = async (asOf?: number) =>
  legStory.parse(await tower.get(asOf === undefined ? PATH : `${PATH}?asOf=${at(asOf)}`));

test("tells of each verdict what brought it, when that arrived and what changed", async () => {
  const { steps, leg, rules } = await read();
  expect(rules).toEqual([]);
  const arrived = (step: (typeof steps)[number]) => step.cause.events.map((event) => [event.id, event.arrivedAt]);
  expect(steps.map((step) => [step.verdict, step.cause.kind, step.cause.source, arrived(step)])).toEqual([
    ["OPEN", "event", "", [["e1", at(1)]]],
    ["AT_RISK", "clock", "", []],
    ["OVERDUE_PROVISIONAL", "clock", "", []],
    ["BREACHED", "watermark", "/erp", []],
    ["MET", "event", "", [["e2", at(400)]]],
    ["AT_RISK", "event", "", [["e3", at(451)]]],
    ["AT_RISK", "rules", "", []],
  ]);
  expect(steps[4]).toMatchObject({ changed: ["verdict", "endedAt"], isCorrection: true, ruleVersion: "v1" });
  expect(steps[4]?.cause.events[0]?.milestones).toEqual(["Received"]);
  expect(steps[5]).toMatchObject({ changed: ["verdict", "endedAt", "dueAt", "flags"], isCorrection: true });
  expect(steps[6]).toMatchObject({ changed: ["ruleVersion"], isCorrection: false });
  expect(steps.map(({ isCorrection }) => isCorrection)).toEqual([false, false, false, false, true, true, false]);
  expect(leg).toMatchObject({
    verdict: "AT_RISK",
    flags: ["reopened", "corrected"],
    href: expect.stringContaining("45"),
  });
});

test("tells at every moment what had been told by then, and nothing else", async () => {
  const { steps } = await read();
  for (const moment of [1, 191, 192, 300, 401, 452, 470]) {
    const then = await read(moment);
    expect(then.steps).toEqual(steps.filter(({ evaluatedAt }) => evaluatedAt <= at(moment)));
    expect(then.leg.verdict).toBe(then.steps.at(-1)?.verdict);
  }
  expect((await tower.request(`${PATH}?asOf=${at(0)}`)).status).toBe(404);
});

test("marks a leg as corrected in lists from the moment of the correction on", async () => {
  const flagsAt = async (moment: number) =>
    legPage.parse(await tower.get(`/legs?instanceId=${encodeURIComponent(LINE)}&asOf=${at(moment)}`)).items[0]?.flags;
  expect(await flagsAt(300)).toEqual([]);
  expect(await flagsAt(410)).toEqual(["corrected"]);
  expect(await flagsAt(460)).toEqual(["reopened", "corrected"]);
});

test("shows a journey as it was known: what had arrived and what had been judged", async () => {
  const journeyAt = async (moment: number) =>
    journey.parse(await tower.get(`/journeys/purchase_order_line/${encodeURIComponent(LINE)}?asOf=${at(moment)}`));
  const early = await journeyAt(300);
  expect(early.events.map(({ id }) => id)).toEqual(["e1"]);
  expect(early.legs).toMatchObject([{ verdict: "BREACHED", endedAt: null, elapsedMs: 300 * 60_000, flags: [] }]);
  const late = await journeyAt(410);
  expect(late.events.map(({ id }) => id)).toEqual(["e1", "e2"]);
  expect(late.legs).toMatchObject([{ verdict: "MET", endedAt: at(200), flags: ["corrected"] }]);
  expect((await tower.request(`/journeys/purchase_order_line/${encodeURIComponent(LINE)}?asOf=${at(0)}`)).status).toBe(
    404,
  );
});

test("tells a delivery that cannot be counted from units that were stated since", async () => {
  const id = "47/10";
  const objects = [["purchase_order_line", id]] as const;
  await tower.insert("events", [
    toEvent({ position: 11, minute: 0, objects }),
    toEvent({ position: 12, minute: 100, type: "erp.goods_receipt.posted", objects }),
  ]);
  const order = { start_log: "g1", start_position: 11, started_at: at(0), due_at: at(240), ended_at: null };
  const receipt = { end_log: "g1", end_position: 12, ended_at: at(100) };
  const rows = [
    { verdict: "OPEN", evaluated: 1 },
    { verdict: "OPEN", evaluated: 102, flags: ["unit-unknown"] },
    { verdict: "MET", evaluated: 200, ...receipt },
    { verdict: "AT_RISK", evaluated: 210 },
  ] as const;
  await tower.insert(
    "leg_verdicts",
    rows.map(({ verdict, evaluated, ...row }, index) => ({
      ...toVerdict({ id, verdict, leg: "complete", batch: 50 + index, minute: 0, evaluatedMinute: evaluated }),
      ...order,
      ...row,
    })),
  );
  const path = `/legs/order/complete/purchase_order_line/${encodeURIComponent(id)}/0`;
  const { steps } = legStory.parse(await tower.get(path));
  expect(steps.map(({ cause }) => [cause.kind, cause.events.map((event) => event.id)])).toEqual([
    ["event", ["e11"]],
    ["event", ["e12"]],
    ["units", []],
    ["units", []],
  ]);
});

test("names the change of the order that opened a leg again", async () => {
  const id = "48/10";
  const objects = [["purchase_order_line", id]] as const;
  await tower.insert("events", [
    toEvent({ position: 13, minute: 0, objects }),
    toEvent({ position: 14, minute: 100, type: "erp.goods_receipt.posted", objects }),
    toEvent({ position: 15, minute: 200, type: CHANGED, objects }),
  ]);
  const order = { start_log: "g1", start_position: 13, started_at: at(0), due_at: at(240), ended_at: null };
  const receipt = { end_log: "g1", end_position: 14, ended_at: at(100) };
  const rows = [
    { verdict: "OPEN", evaluated: 2 },
    { verdict: "MET", evaluated: 103, ...receipt },
    { verdict: "OPEN", evaluated: 205, flags: ["reopened"], due_at: at(340) },
  ] as const;
  await tower.insert(
    "leg_verdicts",
    rows.map(({ verdict, evaluated, ...row }, index) => ({
      ...toVerdict({ id, verdict, leg: "complete", batch: 60 + index, minute: 0, evaluatedMinute: evaluated }),
      ...order,
      ...row,
    })),
  );
  const { steps } = legStory.parse(
    await tower.get(`/legs/order/complete/purchase_order_line/${encodeURIComponent(id)}/0`),
  );
  expect(steps.map(({ cause }) => [cause.kind, cause.events.map((event) => event.id)])).toEqual([
    ["event", ["e13"]],
    ["event", ["e14"]],
    ["event", ["e15"]],
  ]);
});

test("says nothing of a leg outside of the reader's scope, or of one that moved out of it", async () => {
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  expect((await tower.request(PATH, { key })).status).toBe(404);
  const id = "moved";
  const rows = ["south", "north"].map((site, index) =>
    toVerdict({ id, verdict: "OPEN", batch: 20 + index, minute: 1, site }),
  );
  await tower.insert("leg_verdicts", rows);
  expect((await tower.request("/legs/order/receipt/purchase_order_line/moved/0", { key })).status).toBe(404);
  expect((await tower.request("/legs/order/receipt/purchase_order_line/moved/0")).status).toBe(200);
});

test("says that an event brought a verdict without showing what lies outside of the scope", async () => {
  const id = "46/10";
  await tower.insert("events", [
    toEvent({ position: 9, minute: 5, site: "south", objects: [["purchase_order_line", id]] }),
  ]);
  await tower.insert("leg_verdicts", [
    { ...toVerdict({ id, verdict: "OPEN", batch: 30, minute: 5 }), start_log: "g1", start_position: 9 },
  ]);
  const key = await tower.createKey({ scope: { sites: ["north"], domains: "*" } });
  const story = legStory.parse(
    await tower.get(`/legs/order/receipt/purchase_order_line/${encodeURIComponent(id)}/0`, key),
  );
  expect(story.steps[0]?.cause).toEqual({ kind: "event", source: "", events: [], windows: [] });
});
