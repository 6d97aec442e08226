import { afterAll, beforeAll, expect, test } from "vitest";
import { journey, journeySearch } from "../contract/journey.ts";
import { traceDetail } from "../contract/trace-detail.ts";
import { at } from "../rows.fixture.ts";
import { fillWithJourneys, HIDDEN_TRACE, HOSTILE, LINE, TRACE } from "./journeys.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;
let south: string;

beforeAll(async () => {
  tower = await startTower();
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  await fillWithJourneys(tower);
});

afterAll(() => tower.close());

const getJourney = async (type: string, id: string, key?: string) =>
  journey.parse(await tower.get(`/journeys/${type}/${encodeURIComponent(id)}`, key));
const search = async (key: string, as?: string) =>
  journeySearch.parse(await tower.get(`/journeys?key=${encodeURIComponent(key)}`, as));
const idsOf = (found: Awaited<ReturnType<typeof search>>) =>
  found.groups.flatMap(({ objects }) => objects.map(({ type, id }) => `${type} ${id}`));

test("tells what happened to an object and to what came of it, once each", async () => {
  const { events, isTruncated } = await getJourney("purchase_order_line", LINE);
  expect(events.map(({ id, revision, standing, duplicates }) => ({ id, revision, standing, duplicates }))).toEqual([
    { id: "issued", revision: 0, standing: "counts", duplicates: 1 },
    { id: "received", revision: 0, standing: "superseded", duplicates: 0 },
    { id: "received", revision: 1, standing: "counts", duplicates: 0 },
    { id: "invoiced", revision: 0, standing: "counts", duplicates: 0 },
    { id: "paid", revision: 0, standing: "counts", duplicates: 0 },
    { id: "cleared", revision: 0, standing: "counts", duplicates: 0 },
    { id: "south", revision: 0, standing: "counts", duplicates: 0 },
  ]);
  expect(isTruncated).toEqual({ events: false, objects: false, legs: false, matches: false, spans: false });
});

test("keeps quantities and amounts as they were written", async () => {
  const { events } = await getJourney("purchase_order_line", LINE);
  expect(events[0]?.measures).toEqual({
    quantity: { value: "10", unit: "CS" },
    amount: { value: "1234567890.123456789", currency: "USD" },
  });
});

test("says of an event of which only the day is known when that ends", async () => {
  const { events } = await getJourney("purchase_order_line", LINE);
  const imprecise = events
    .filter(({ latestAt }) => latestAt !== null)
    .map(({ id, time, latestAt }) => [id, time, latestAt]);
  expect(imprecise).toEqual([["invoiced", at(5), new Date(Date.parse(at(5)) + 86_399_999).toISOString()]]);
});

test("names the milestones that evaluation takes from an event", async () => {
  const { events } = await getJourney("purchase_order_line", LINE);
  const reached = Object.fromEntries(
    events.filter(({ standing }) => standing === "counts").map(({ id, milestones }) => [id, milestones[0]?.milestone]),
  );
  expect(reached).toMatchObject({ issued: "issued", received: "received", paid: "paid", cleared: undefined });
});

test("shows each leg with all verdicts that were given of it", async () => {
  const { legs } = await getJourney("purchase_order_line", LINE);
  expect(legs).toMatchObject([{ leg: "receipt", verdict: "MET", history: [{ verdict: "OPEN" }, { verdict: "MET" }] }]);
});

test("draws what lies up and down the links, and does not enter what lies beside", async () => {
  const fromLine = await getJourney("purchase_order_line", LINE);
  const relations = Object.fromEntries(
    fromLine.objects.nodes.map(({ type, id, relation }) => [`${type} ${id}`, relation]),
  );
  expect(relations).toMatchObject({
    [`purchase_order_line ${LINE}`]: "self",
    "purchase_order 4500012345": "downstream",
    "invoice ACME/INV-7": "downstream",
    "payment P1": "downstream",
    "supplier ACME": "beside",
  });
  expect(fromLine.events.map(({ id }) => id)).not.toContain("other");
  const fromPayment = await getJourney("payment", "P1");
  expect(fromPayment.objects.nodes.find(({ id }) => id === LINE)?.relation).toBe("upstream");
  expect(fromPayment.legs).toHaveLength(1);
  expect(fromPayment.objects.links).toContainEqual({
    from: { type: "purchase_order_line", id: LINE },
    to: { type: "invoice", id: "ACME/INV-7" },
    events: 1,
  });
});

test("shows to an invoice the order that it pays, and not the other invoices of it", async () => {
  const { events } = await getJourney("invoice", "I-1");
  expect(events.map(({ id }) => id)).toEqual(["first", "ordered"]);
});

test("shows to the wrong object that a correction took its event away", async () => {
  const { events } = await getJourney("lot", "WRONG");
  expect(events.map(({ id, revision, standing }) => [id, revision, standing])).toEqual([
    ["corrected", 0, "superseded"],
    ["corrected", 1, "counts"],
  ]);
});

test("lets the smaller digest count where one identity came with two contents", async () => {
  const { events } = await getJourney("lot", "L-77");
  const twice = events.filter(({ id }) => id === "twice");
  expect(twice.map(({ standing, isConflict, key }) => ({ standing, isConflict, key }))).toEqual([
    { standing: "outvoted", isConflict: true, key: "g1:9" },
    { standing: "counts", isConflict: true, key: "g1:10" },
  ]);
});

test("finds an object by its key, the beginning or a part of it, in any case", async () => {
  expect(idsOf(await search(LINE))).toEqual([`purchase_order_line ${LINE}`]);
  expect(idsOf(await search("45000")).toSorted()).toEqual([
    "purchase_order 4500012345",
    `purchase_order_line ${LINE}`,
    "purchase_order_line 4500012345/20",
  ]);
  expect(idsOf(await search("acme/inv"))).toEqual(["invoice ACME/INV-7"]);
  expect(idsOf(await search("inv-7"))).toEqual(["invoice ACME/INV-7"]);
  expect(idsOf(await search("l-77"))).toEqual(["lot L-77"]);
  expect(await search("nothing of the kind")).toMatchObject({ groups: [], traces: [], isPartial: false });
});

test("says of a match how often and when it was heard of", async () => {
  const { groups } = await search("4500012345");
  expect(groups[0]).toMatchObject({
    type: "purchase_order",
    objects: [{ match: "exact", events: 2, firstAt: at(1), lastAt: at(1) }],
  });
});

test("finds a trace by its id and lays it out as a waterfall", async () => {
  expect((await search(TRACE.toUpperCase())).traces).toMatchObject([{ traceId: TRACE, spans: 4, events: 1 }]);
  const trace = traceDetail.parse(await tower.get(`/traces/${TRACE}`));
  expect(trace.spans.map(({ name, depth, offsetNs }) => [name, depth, offsetNs])).toEqual([
    ["span a", 0, 0],
    ["span b", 1, 5_000_000],
    ["span c", 1, 20_000_000],
    ["span d", 0, 30_000_000],
  ]);
  expect(trace).toMatchObject({ durationNs: 50_000_000, services: ["erp"], events: [{ id: "received" }] });
  expect(trace.spans[3]?.objects).toEqual([
    { type: "lot", id: "L-77" },
    { type: "lot", id: "L-78" },
  ]);
});

test("shows the spans of a journey beside its events", async () => {
  const { spans } = await getJourney("purchase_order_line", LINE);
  expect(spans.map(({ name }) => name)).toEqual(["span a", "span b", "span c", "span d"]);
});

test("shows a scoped key its own steps, and of the others only when they were", async () => {
  const seen = await getJourney("purchase_order_line", LINE, south);
  expect(seen.events.map(({ id }) => id)).toEqual(["south"]);
  expect(seen.foreignSteps).toEqual([{ at: at(1) }, { at: at(3) }, { at: at(4) }, { at: at(5) }]);
  expect(seen).toMatchObject({ legs: [], spans: [] });
  expect(JSON.stringify(seen)).not.toMatch(/north|ACME|L-77|INV/);
});

test("shows a scoped key nothing of what its sites have no part in", async () => {
  for (const path of [
    "/journeys/payment/P1",
    `/journeys/invoice/${encodeURIComponent("ACME/INV-7")}`,
    `/traces/${HIDDEN_TRACE}`,
  ])
    expect((await tower.request(path, { key: south })).status).toBe(404);
  expect(idsOf(await search("45000", south))).toEqual([`purchase_order_line ${LINE}`]);
  expect(idsOf(await search("INV", south))).toEqual([]);
  expect((await search(HIDDEN_TRACE, south)).traces).toEqual([]);
});

test("shows a scoped key the spans that name its site, and nobody's else", async () => {
  const trace = traceDetail.parse(await tower.get(`/traces/${TRACE}`, south));
  expect(trace.spans.map(({ name }) => name)).toEqual(["span c", "span d"]);
  expect(trace.events).toEqual([]);
  const pharmacist = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
  expect((await tower.request(`/traces/${TRACE}`, { key: pharmacist })).status).toBe(404);
});

test("finds and shows ids of any characters unharmed", async () => {
  expect(idsOf(await search(HOSTILE))).toEqual([`lot ${HOSTILE}`]);
  const { events, object } = await getJourney("lot", HOSTILE);
  expect(object.id).toBe(HOSTILE);
  expect(events[0]?.attributes).toEqual({ k: HOSTILE });
  expect(journey.parse(await tower.get(object.href)).object).toEqual(object);
});

test("says that nothing is known of an object that nobody named", async () => {
  const response = await tower.request("/journeys/lot/none");
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "not_found", detail: "Nothing is known here of lot none." });
});
