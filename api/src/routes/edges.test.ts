import { afterAll, beforeAll, expect, test } from "vitest";
import { edgeOrder, edgeOrderPage, edgePage } from "../contract/edge.ts";
import { problem } from "../contract/problem.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;
let ada: string;
let bo: string;
let north: string;
let viewer: string;

beforeAll(async () => {
  tower = await startTower();
  ada = await tower.createKey({ name: "Ada", roles: ["operator"] });
  bo = await tower.createKey({ name: "Bo", roles: ["operator"] });
  viewer = await tower.createKey({ roles: ["viewer"] });
  north = await tower.createKey({ roles: ["operator"], scope: { sites: ["NORTH"], domains: ["pharmacy"] } });
});

afterAll(() => tower.close());

const post = (path: string, body: object, key = ada) =>
  tower.request(path, {
    key,
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

const NOON = "2026-03-02T12:00:00Z";
const STATE = {
  release: "1.2.3",
  every_ms: 60_000,
  version: 1,
  interfaces: ["edi"],
  failing: [],
  spool_bytes: 10,
  spool_max_bytes: 100,
  spool_events: 2,
  kept: 3,
  waiting: 4,
  problems: 0,
  clock_offset_ms: 20,
  clock_error_ms: 500,
  complete_to: NOON,
  mappings: "",
};

async function refusal(answer: Response) {
  const { status, code, errors } = problem.parse(await answer.json());
  return { status, code, errors: errors.map(({ path, message }) => `${path} ${message}`) };
}

test("a replay order goes to a site of who asks for it, once another person has approved it", async () => {
  const order = { interface: "edi", site: "NORTH", target: { kind: "kept", ids: ["edi/1"] }, reason: "Lost" };
  expect((await post("/edges/orders", { ...order, site: "SOUTH" }, north)).status).toBe(403);
  expect((await post("/edges/orders", order, viewer)).status).toBe(403);
  const target = { kind: "range", from: NOON, to: NOON };
  expect(await refusal(await post("/edges/orders", { ...order, target, expiresAt: NOON }))).toMatchObject({
    errors: ["/body/expiresAt must be later than now", "/body/target/to must be later than `from`"],
  });
  const ask = async () => edgeOrder.parse(await (await post("/edges/orders", order)).json());
  const change = (id: string, verb: string, { revision = 1, key = bo } = {}) =>
    post(`/edges/orders/${id}/${verb}`, { revision, note: "Seen" }, key);
  const given = await ask();
  expect(given).toMatchObject({ state: "proposed", orderedBy: { name: "Ada" }, decidedBy: null, saidAt: null });
  expect(await refusal(await change(given.id, "approve", { key: ada }))).toMatchObject({
    status: 403,
    code: "second_person_required",
  });
  expect((await change(given.id, "approve", { key: viewer })).status).toBe(403);
  const answers = await Promise.all([change(given.id, "approve"), change(given.id, "reject")]);
  expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["200", "409"]);
  const withdrawn = await ask();
  expect((await change(withdrawn.id, "withdraw", { key: ada })).status).toBe(200);
  expect((await change(withdrawn.id, "withdraw")).status).toBe(409);
  const elsewhere = await tower.createKey({ roles: ["operator"], scope: { sites: ["SOUTH"], domains: "*" } });
  expect((await change(withdrawn.id, "withdraw", { key: elsewhere })).status).toBe(404);
  const audit = await tower.writer.query({
    query: `SELECT action FROM audit_log WHERE target = '${withdrawn.id}' ORDER BY at`,
    format: "JSONEachRow",
  });
  expect(await audit.json()).toEqual([{ action: "edge_order.propose" }, { action: "edge_order.withdraw" }]);
});

test("an order is waiting, fetched and done as its edge says so, and lists filter by that", async () => {
  const order = { interface: "adt", target: { kind: "kept", ids: ["adt/1"] }, reason: "Lost at noon" };
  const { id } = edgeOrder.parse(await (await post("/edges/orders", order)).json());
  const find = async (query: string) =>
    edgeOrderPage.parse(await tower.get(`/edges/orders?interface=adt&${query}`, viewer));
  const approved = await post(`/edges/orders/${id}/approve`, { revision: 1 }, bo);
  expect(edgeOrder.parse(await approved.json())).toMatchObject({ state: "ordered", decidedBy: { name: "Bo" } });
  const said = {
    edge: "north",
    version: 3,
    reason: "",
    order_id: id,
    documents: 0,
    events: 0,
    site: "NORTH",
    domain: "",
  };
  const at = (second: number) => Date.now() + second * 1000;
  const report = (kind: string, second: number, more: object = {}) => ({
    ...said,
    kind,
    at: at(second),
    arrived_at: at(second),
    ...more,
  });
  await tower.insert("edge_reports", [report("order_taken", 1)]);
  expect((await find("")).items).toMatchObject([{ state: "fetched", edge: "north", saidAt: null, events: 0 }]);
  expect((await find("state=ordered")).items).toEqual([]);
  expect((await post(`/edges/orders/${id}/withdraw`, { revision: 2 })).status).toBe(409);
  await tower.insert("edge_reports", [report("order_done", 2, { documents: 1, events: 4 })]);
  expect((await find("state=done&q=NOON")).items).toMatchObject([{ state: "done", documents: 1, events: 4 }]);
  expect((await find("q=nothing")).items).toEqual([]);
  const csv = await tower.request("/edges/orders?interface=adt&format=csv", { key: viewer });
  expect(await csv.text()).toContain(",Bo,");
});

test("edges are listed by what each said last of itself, and count as silent when they say nothing", async () => {
  const row = (edge: string, ageMs: number, change: object = {}) => {
    const at = Date.now() - ageMs;
    const body = JSON.stringify({ ...STATE, edge, ...change });
    return { edge, at, arrived_at: at, site: edge.toUpperCase(), domain: "", body };
  };
  await tower.insert("edge_states", [
    row("east", 3_600_000),
    row("north", 120_000, { kept: 9 }),
    row("north", 1000, { redacted: ["edi identity=12 tokens=3", "Smith, John"] }),
    row("south", 1000, { problems: 2, failing: ["edi"] }),
  ]);
  const find = async (query: string, key = viewer) => edgePage.parse(await tower.get(`/edges?${query}`, key));
  const { items } = await find("");
  expect(items.map(({ edge, condition, kept }) => `${edge} ${condition} ${kept}`)).toEqual([
    "east silent 3",
    "north well 3",
    "south attention 3",
  ]);
  expect(items[1]).toMatchObject({
    release: "1.2.3",
    site: "NORTH",
    completeTo: NOON,
    waiting: 4,
    crosswalks: "behind",
    mappings: "own",
    spool: { events: 2, bytes: 10, maxBytes: 100 },
    clock: { offsetMs: 20, errorMs: 500 },
    kind: "none",
    redacted: [{ interface: "edi", counts: { identity: 12, free_text: 0, tokens: 3, dates: 0 } }],
  });
  // What an edge does not write is not shown, and one that says nothing of it counts nothing.
  expect(items[1]?.redacted).toHaveLength(1);
  expect(items[0]?.redacted).toEqual([]);
  const csv = await tower.request("/edges?format=csv", { key: viewer });
  expect(await csv.text()).toContain("edi identity=12 tokens=3");
  const page = await find("limit=1");
  expect((await find(`limit=1&cursor=${page.nextCursor}`)).items.map(({ edge }) => edge)).toEqual(["north"]);
  const own = await tower.createKey({ scope: { sites: ["SOUTH"], domains: "*" } });
  const seen = await find("", own);
  expect(seen.items.map(({ edge }) => edge)).toEqual(["south"]);
  // How much was decided is no secret: who sees one site sees whether its edge is behind.
  expect(seen.items[0]?.latestVersion).toBe(items[0]?.latestVersion);
  expect((await find("q=ORT")).items.map(({ edge }) => edge)).toEqual(["north"]);
});
