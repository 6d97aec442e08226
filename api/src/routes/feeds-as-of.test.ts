import { calendar } from "@throughline/schemas/calendar/calendar";
import { sourceRule } from "@throughline/schemas/pack/flow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { feedDetail, feedFindings } from "../contract/coverage.ts";
import { type Source, sourcePage } from "../contract/source.ts";
import { type FeedState, UNHEARD } from "../projections/feeds/feed-state.ts";
import { at } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const days = calendar.parse({
  id: "days",
  title: "Days",
  zone: "UTC",
  shifts: { tuesday: [{ from: "00:00", to: "24:00" }] },
});
const pack = {
  ...TEST_PACK,
  calendars: new Map([["days", days]]),
  sources: [
    sourceRule.parse({
      source: "/files",
      watermark: "batch",
      batches: [{ name: "inventory", by: "02:30", calendar: "days" }],
    }),
    ...TEST_PACK.sources,
  ],
};

let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(900)), pack });
  const place = { site: "south", domain: "erp" };
  await tower.insert("source_history", [
    row("/heard/a", { until: at(60), last_event_at: at(50), last_sequence: 4, site: "north" }),
    row("/heard/a", { until: at(200), last_event_at: at(190), last_sequence: 9, site: "south" }),
    row("/files", { until: at(210), last_event_at: at(200), site: "south" }),
  ]);
  await tower.insert("source_states", [row("/heard/a", { last_event_at: at(800), last_sequence: 99, site: "south" })]);
  await tower.insert("feed_history", [
    { source: "/heard/a", until: at(60), batch: 1, body: state({ heardAt: at(55), saidAt: at(50) }) },
    { source: "/heard/a", until: at(71), batch: 2, body: state({ heardAt: at(55), saidAt: at(50), blind: 50 }) },
    { source: "/heard/a", until: at(200), batch: 4, body: state({ heardAt: at(200), saidAt: at(195) }) },
    { source: "/heard/a", until: at(200), batch: 3, body: state({ heardAt: at(199), saidAt: at(190) }) },
  ]);
  await tower.insert("feed_states", [
    { source: "/heard/a", batch: 9, body: state({ heardAt: at(880), saidAt: at(880) }) },
  ]);
  await tower.insert("source_types", [
    { source: "/heard/a", type: "erp.invoice.received", since_batch: 1, known_at: at(59), ...place },
    { source: "/heard/a", type: "erp.payment.cleared", since_batch: 2, known_at: at(150), ...place },
  ]);
  await tower.insert("source_activity", [
    { source: "/heard/a", minute: at(59), accepted: 3, ...place },
    { source: "/heard/a", minute: at(150), accepted: 4, ...place },
  ]);
  const silence = { source: "/heard/a", silent_since: at(55), blind_from: at(50), ...place };
  await tower.insert("blind_intervals", [
    { ...silence, batch: 2, blind_until: null, known_at: at(70.5) },
    { ...silence, batch: 3, blind_until: at(90), known_at: at(90.5) },
  ]);
  const gap = { source: "/heard/a", epoch: 0, noticed_at: at(60), ...place };
  await tower.insert("sequence_gaps", [
    { ...gap, first: 3, last: 9, state: "open", known_at: at(60), batch: 1 },
    { ...gap, first: 3, last: 9, state: "filled", known_at: at(300), batch: 2 },
  ]);
  await tower.insert("source_lateness", [
    { source: "/heard/a", minute: at(310), behind: 2, behind_ms: 9000, ...place },
  ]);
  await tower.insert("quarantine", [
    { log: "g", position: 1, arrived_at: at(320), source: "/heard/a", code: "clock_ahead", digest: "x".repeat(32) },
  ]);
  const trailer = { source: "/files", name: "inventory", log: "g", position: 3, id: "t", totals: "{}", batch: 1 };
  await tower.insert("feed_batches", [{ ...trailer, time: at(200), arrived_at: at(209), known_at: at(210), ...place }]);
});

afterAll(() => tower.close());

function row(source: string, columns: object) {
  const times = { first_event_at: at(0), last_arrived_at: at(10) };
  return { source, domain: "erp", ...times, last_sequence: -1, is_complete: 0, ...columns };
}

function state({ heardAt, saidAt, blind }: { heardAt: string; saidAt: string; blind?: number }): string {
  const heard = Date.parse(heardAt);
  const feed: FeedState = { ...UNHEARD, heardAt: heard, saidAt: Date.parse(saidAt), hasHeartbeat: true };
  return JSON.stringify(blind === undefined ? feed : { ...feed, blind: { since: heard, from: Date.parse(at(blind)) } });
}

async function list(minute: number, key?: string): Promise<Source[]> {
  return sourcePage.parse(await tower.get(`/sources?asOf=${at(minute)}`, key)).items;
}

async function findA(minute: number): Promise<Partial<Source>> {
  return (await list(minute)).find(({ source }) => source === "/heard/a") ?? {};
}

test("says how far a feed had come by the whole minute, and what had arrived", async () => {
  expect(await list(59)).toEqual([]);
  for (const asOf of ["1970-01-01T00:00:00Z", "1970-01-03T00:00:00Z", "2199-12-31T23:59:59Z"])
    for (const path of ["/sources?", "/sources/findings?", "/slos?", "/slos?limit=1&", "/overview?", "/flows?"])
      expect([path, asOf, (await tower.request(`${path}asOf=${asOf}`)).status]).toEqual([path, asOf, 200]);
  const early = { completeTo: at(50), lastEventAt: at(50), lastSequence: 4, sites: ["north"], accepted: 3 };
  for (const minute of [60, 60.9])
    expect(await findA(minute)).toMatchObject({ ...early, types: ["erp.invoice.received"] });
  const late = { completeTo: at(195), lastEventAt: at(190), lastSequence: 9, sites: ["north", "south"], accepted: 7 };
  expect(await findA(201)).toMatchObject({ ...late, types: ["erp.invoice.received", "erp.payment.cleared"] });
  expect((await list(215)).map(({ source }) => source)).toEqual(["/files", "/heard/a"]);
});

test("knows a feed as silent from the moment on at which that was known, and no longer when it was heard again", async () => {
  const states = await Promise.all([70.4, 70.6, 75, 90.4, 90.6].map((minute) => findA(minute)));
  expect(states.map(({ state: at_, silentSince }) => [at_, silentSince])).toEqual([
    ["reporting", null],
    ["silent", at(55)],
    ["silent", at(55)],
    ["silent", at(55)],
    ["reporting", null],
  ]);
});

test("tells a scoped key of the feeds that had spoken of its sites by then", async () => {
  const south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  expect((await list(100, south)).length).toBe(0);
  expect((await list(201, south)).map(({ source, lastSequence }) => [source, lastSequence])).toEqual([["/heard/a", 9]]);
});

test("finds what was wrong then: what was filled, ended or came later was not known", async () => {
  const find = async (minute: number) =>
    feedFindings
      .parse(await tower.get(`/sources/findings?asOf=${at(minute)}`))
      .items.map(({ source, kind, until, detail }) => [source, kind, until, detail]);
  // Waited for until the next one might come, on the day before.
  const lastWeek = ["/files", "batch", null, "inventory of 2026-03-03: missing"];
  const missing = ["/heard/a", "missing-numbers", null, "missing: 3–9"];
  expect(await find(80)).toEqual([["/heard/a", "silent", null, "nothing is heard of it"], lastWeek, missing]);
  const ended = ["/heard/a", "silent", at(90), "nothing was heard of it"];
  const never = ["/files", "batch", null, "inventory of 2026-03-10: missing"];
  expect(await find(205)).toEqual([never, lastWeek, missing, ended]);
  const came = ["/files", "batch", at(209), "inventory of 2026-03-10: late"];
  expect(await find(215)).toEqual([lastWeek, missing, came, ended]);
  expect(await find(305)).toEqual([lastWeek, came, ended]);
  const kinds = (await find(321)).map(([, kind]) => kind);
  expect(kinds).toEqual(["clock-ahead", "batch", "behind-watermark", "batch", "silent"]);
});

test("says how a feed was covered", async () => {
  const read = async (minute: number) =>
    feedDetail.parse(await tower.get(`/sources/detail?source=/heard/a&asOf=${at(minute)}`));
  expect(await read(80)).toMatchObject({ blind: [{ from: at(50), until: null }], missing: 7, behind: { count: 0 } });
  expect(await read(400)).toMatchObject({ blind: [{ from: at(50), until: at(90) }], missing: 0, behind: { count: 2 } });
  expect((await tower.request(`/sources/detail?source=/heard/a&asOf=${at(10)}`)).status).toBe(404);
});

test("takes a moment to come for now", async () => {
  const [then, now] = await Promise.all([findA(50_000), findA(900)]);
  expect(then).toEqual(now);
});

test("refuses a moment of which it was not kept how feeds stood, and says since when it is", async () => {
  await tower.insert("feed_history", [{ source: "", until: at(40), batch: 0, body: "" }]);
  for (const path of ["/sources?", "/sources/findings?", "/sources/detail?source=/heard/a&", "/slos?"]) {
    const response = await tower.request(`${path}asOf=${at(39)}`);
    expect([path, response.status]).toEqual([path, 400]);
    const detail = `How the feeds stood is not known before ${at(40)}.`;
    expect(await response.json()).toMatchObject({ detail, errors: [{ path: "/query/asOf" }] });
  }
  expect((await tower.request(`/sources?asOf=${at(40)}`)).status).toBe(200);
  expect((await tower.request("/sources?asOf=1970-01-01T00:00:00Z")).status).toBe(400);
});
