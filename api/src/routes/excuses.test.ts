import { afterAll, beforeAll, expect, test } from "vitest";
import { excuse, excuseDetail, excusePage } from "../contract/excuse.ts";
import { legStory } from "../contract/leg-story.ts";
import { problem } from "../contract/problem.ts";
import { openProjector } from "../projections/projector.ts";
import { at, readPages, toEvent } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const LINE = "45/10";
const LEG = `/legs/order/receipt/purchase_order_line/${encodeURIComponent(LINE)}/0`;
const HOURS = { from: at(60), until: at(150) };
let tower: Tower;
let now = Date.parse(at(600));
let ada: string;
let bo: string;

beforeAll(async () => {
  tower = await startTower({ now: () => now });
  ada = await tower.createKey({ name: "Ada", roles: ["operator"] });
  bo = await tower.createKey({ name: "Bo", roles: ["operator"] });
});

afterAll(() => tower.close());

const post = (path: string, body: object, key = ada) =>
  tower.request(path, {
    key,
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

async function ask(change: object = {}, key = ada) {
  const answer = await post("/excuses", { ...HOURS, flow: "order", reason: "ERP release", ...change }, key);
  expect(answer.status).toBe(201);
  return excuse.parse(await answer.json());
}

async function refusal(answer: Response) {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { status, code, errors } = problem.parse(await answer.json());
  return { status, code, errors };
}

async function project() {
  const projector = await openProjector({ connection: tower.engine.connection, pack: TEST_PACK, now: () => now });
  while (await projector.advance());
  await projector.close();
}

/** An order of 00:00 that has to be received by 04:00 and is at 05:00. */
async function storeLateReceipt() {
  const objects = [["purchase_order_line", LINE]] as const;
  const rows = [
    toEvent({ position: 1, minute: 0, objects }),
    toEvent({ position: 2, minute: 300, type: "erp.goods_receipt.posted", objects }),
  ];
  await tower.insert("events", rows);
  const counts = { events: 2, spans: 0, logs: 0, quarantined: 0, first_position: 1, last_position: 2 };
  await tower.insert("commits", [{ log: "g1", batch: 1, committed_at: at(590), ...counts }]);
}

test("L6: an excuse counts once another person has approved it, and the story names who wanted it and why", async () => {
  await storeLateReceipt();
  await project();
  const story = async () => legStory.parse(await tower.get(LEG));
  expect((await story()).leg.verdict).toBe("BREACHED");

  const asked = await ask();
  const second = await ask({ from: at(120), until: at(180), kind: "pause", reason: "Supplier on holiday" });
  now += 1000;
  await project();
  expect((await story()).steps).toHaveLength(1);

  const approved = await post(`/excuses/${asked.id}/approve`, { version: 1, note: "Announced" }, bo);
  expect(excuse.parse(await approved.json())).toMatchObject({
    state: "approved",
    version: 2,
    decidedBy: { name: "Bo" },
  });
  now += 1000;
  await project();
  await post(`/excuses/${second.id}/approve`, { version: 1 }, bo);
  now += 1000;
  await project();
  const told = await story();
  expect(told.leg).toMatchObject({ verdict: "MET", dueAt: at(240 + 120), flags: ["corrected"] });
  expect(told.steps.map(({ verdict, dueAt }) => [verdict, dueAt])).toEqual([
    ["BREACHED", at(240)],
    ["MET", at(330)],
    ["MET", at(360)],
  ]);
  const [first, , last] = told.steps.slice(1, 2).concat(told.steps);
  expect(first?.cause).toMatchObject({
    kind: "window",
    events: [],
    windows: [
      {
        id: asked.id,
        isListed: true,
        change: "added",
        excuse: {
          reason: "ERP release",
          requestedBy: { name: "Ada" },
          decidedBy: { name: "Bo" },
          note: "Announced",
        },
      },
    ],
  });
  expect(last?.cause.windows).toMatchObject([{ id: asked.id }]);

  const withdrawn = await post(`/excuses/${asked.id}/withdraw`, { version: 2, note: "It was called off" });
  expect(withdrawn.status).toBe(200);
  now += 1000;
  await project();
  const after = await story();
  expect(after.leg).toMatchObject({ verdict: "MET", dueAt: at(300) });
  expect(after.steps.at(-1)?.cause).toMatchObject({
    kind: "window",
    windows: [{ id: asked.id, change: "lifted", excuse: { state: "withdrawn", note: "It was called off" } }],
  });
  const key = await tower.createKey({ scope: { sites: ["north"], domains: "*" } });
  const scoped = legStory.parse(await tower.get(LEG, key));
  expect(scoped.steps.at(-1)?.cause.windows).toMatchObject([
    { id: asked.id, isListed: false, excuse: { note: "It was called off", requestedBy: { name: "Ada" } } },
  ]);
  expect((await tower.request(`/excuses/${asked.id}`, { key })).status).toBe(404);
});

test("wants two people, one of them another one", async () => {
  const { id } = await ask();
  for (const verb of ["approve", "reject"])
    expect(await refusal(await post(`/excuses/${id}/${verb}`, { version: 1 }))).toMatchObject({
      status: 403,
      code: "second_person_required",
    });
  expect(await refusal(await post(`/excuses/${id}/approve`, { version: 2 }, bo))).toMatchObject({ code: "conflict" });
  const answers = await Promise.all(
    ["approve", "reject"].map((verb) => post(`/excuses/${id}/${verb}`, { version: 1 }, bo)),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  expect(await refusal(await post(`/excuses/${id}/reject`, { version: 2 }, bo))).toMatchObject({
    status: 409,
    code: "conflict",
  });
  const { versions } = excuseDetail.parse(await tower.get(`/excuses/${id}`));
  expect(versions.map(({ version }) => version)).toEqual([1, 2]);
});

test("ends a pause that is open, and only that", async () => {
  const { id } = await ask({ kind: "pause", until: undefined });
  expect(await refusal(await post(`/excuses/${id}/end`, { version: 1 }))).toMatchObject({ code: "conflict" });
  await post(`/excuses/${id}/approve`, { version: 1 }, bo);
  const wrong = async (until: string) => refusal(await post(`/excuses/${id}/end`, { version: 2, until }));
  expect(await wrong(at(60))).toMatchObject({ status: 400, errors: [{ path: "/body/until" }] });
  expect(await wrong(at(601))).toMatchObject({ status: 400, errors: [{ path: "/body/until" }] });
  const ended = await post(`/excuses/${id}/end`, { version: 2, until: at(90) });
  expect(excuse.parse(await ended.json())).toMatchObject({ state: "ended", until: at(90), decidedBy: { name: "Bo" } });
  expect((await post(`/excuses/${id}/end`, { version: 3 })).status).toBe(409);
  const closed = await ask();
  await post(`/excuses/${closed.id}/approve`, { version: 1 }, bo);
  expect((await post(`/excuses/${closed.id}/end`, { version: 2 })).status).toBe(409);
});

test.each([
  ["reversed", { until: at(30) }, "/body/until"],
  ["empty", { until: at(60) }, "/body/until"],
  ["open, though an excuse", { until: undefined }, "/body/until"],
  ["longer than a year", { until: "2027-06-01T00:00:00Z" }, "/body/until"],
  ["far ahead", { from: "2028-01-01T00:00:00Z", until: "2028-01-02T00:00:00Z" }, "/body/from"],
  ["without a zone", { from: "2026-03-10T01:00:00" }, "/body/from"],
  ["on a day that does not exist", { from: "2026-02-30T01:00:00Z" }, "/body/from"],
  ["for an unknown flow", { flow: "orders" }, "/body/flow"],
  ["for an unknown leg", { leg: "shipping" }, "/body/leg"],
  ["for a leg without a flow", { flow: undefined, leg: "receipt" }, "/body/leg"],
  ["for a site that is no name", { site: "" }, "/body/site"],
  ["without a reason", { reason: "" }, "/body/reason"],
  ["with what nobody asked for", { state: "approved" }, "/body/state"],
])("refuses a window that is %s, and says where", async (_, change, path) => {
  const answer = await post("/excuses", { ...HOURS, flow: "order", reason: "Release", ...change });
  expect(await refusal(answer)).toMatchObject({ status: 400, code: "invalid_request", errors: [{ path }] });
});

test("keeps to roles and scopes", async () => {
  const north = await tower.createKey({ name: "N", roles: ["operator"], scope: { sites: ["north"], domains: "*" } });
  const viewer = await tower.createKey({ roles: ["viewer"] });
  const body = { ...HOURS, flow: "order", reason: "Release" };
  expect((await post("/excuses", body, viewer)).status).toBe(403);
  expect(await refusal(await post("/excuses", body, north))).toMatchObject({ status: 403, code: "forbidden" });
  const south = await ask({ site: "south" });
  const own = await ask({ site: "north" });
  expect((await post(`/excuses/${south.id}/approve`, { version: 1 }, north)).status).toBe(404);
  expect((await tower.request(`/excuses/${south.id}`, { key: north })).status).toBe(404);
  expect((await post(`/excuses/${own.id}/approve`, { version: 1 }, viewer)).status).toBe(403);
  expect((await post(`/excuses/${own.id}/approve`, { version: 1 }, north)).status).toBe(200);
  const seen = excusePage.parse(await tower.get("/excuses", north));
  expect(seen.items.map(({ id }) => id)).toEqual([own.id]);
});

test("lists windows by what they are for, page by page, and as they stood", async () => {
  const asked = await ask({ leg: "payment", supplier: "ACME", source: "/erp", reason: "Quarter-end 100 % freeze" });
  const before = new Date(now).toISOString();
  now += 60_000;
  await post(`/excuses/${asked.id}/approve`, { version: 1 }, bo);
  const find = async (query: string) =>
    excusePage.parse(await tower.get(`/excuses?${query}`)).items.map(({ id, state }) => [id, state]);
  const filters = ["leg=payment", "supplier=ACME", "source=%2Ferp", "q=FREEZE", "flow=order&supplier=ACME"];
  for (const filter of filters) expect([filter, await find(filter)]).toEqual([filter, [[asked.id, "approved"]]]);
  expect(await find(`supplier=ACME&asOf=${before}`)).toEqual([[asked.id, "requested"]]);
  expect(await find(`supplier=ACME&state=requested`)).toEqual([]);
  expect(await find(`supplier=ACME&from=${at(150)}`)).toEqual([]);
  expect(await find(`supplier=ACME&to=${at(60)}`)).toEqual([]);
  expect(await find(`supplier=ACME&from=${at(149)}&to=${at(61)}`.replace(at(61), at(600)))).toHaveLength(1);
  expect(await find("supplier=ACME&kind=pause")).toEqual([]);
  expect(await find("supplier=ACME&site=north&domain=procurement")).toHaveLength(1);
  expect(await find("supplier=ACME&domain=pharmacy")).toEqual([]);
  const all = await readPages({ tower, path: "/excuses?limit=2", parse: (body) => excusePage.parse(body) });
  expect(all.length).toBeGreaterThan(5);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const csv = await (await tower.request("/excuses?format=csv&supplier=ACME")).text();
  expect(csv).toContain("Quarter-end 100 % freeze");
});

test("records each change in the audit log, and what it was told", async () => {
  const asked = await ask({}, bo);
  await post(`/excuses/${asked.id}/reject`, { version: 1, note: "Not announced" });
  const result = await tower.writer.query({
    query: "SELECT action, actor, detail FROM audit_log WHERE target = {id: String} ORDER BY at, action DESC",
    query_params: { id: asked.id },
    format: "JSONEachRow",
  });
  expect(await result.json()).toMatchObject([
    { action: "excuse.request", actor: asked.requestedBy.id, detail: expect.stringContaining("ERP release") },
    { action: "excuse.reject", detail: expect.stringContaining("Not announced") },
  ]);
});
