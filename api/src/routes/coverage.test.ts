import { calendar } from "@throughline/schemas/calendar/calendar";
import { sourceRule } from "@throughline/schemas/pack/flow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { feedDetail, feedFindings } from "../contract/coverage.ts";
import { sourcePage } from "../contract/source.ts";
import { at } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const NOW = Date.parse(at(600));
const day = [{ from: "00:00", to: "24:00" }];
const days = calendar.parse({ id: "days", title: "Days", zone: "UTC", shifts: { tuesday: day } });
const afternoons = calendar.parse({
  id: "afternoons",
  title: "Afternoons",
  zone: "UTC",
  shifts: { tuesday: [{ from: "12:00", to: "18:00" }] },
});
const pack = {
  ...TEST_PACK,
  calendars: new Map([
    ["days", days],
    ["afternoons", afternoons],
  ]),
  sources: [
    sourceRule.parse({ source: "/office", watermark: "arrival", silentAfter: "PT30M", calendar: "afternoons" }),
    sourceRule.parse({
      source: "/files",
      watermark: "batch",
      batches: [{ name: "inventory", by: "02:30", calendar: "days", rows: { min: 10, max: 20 } }],
    }),
    ...TEST_PACK.sources,
  ],
};

let tower: Tower;
let south: string;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW, pack });
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  await tower.insert("source_states", [
    state("/heard/a", "north"),
    state("/heard/b", "south"),
    state("/files", "north"),
    { ...state("/office", "north"), last_arrived_at: at(300) },
  ]);
  const interval = { source: "/heard/a", silent_since: at(100), blind_from: at(98), site: "north", domain: "erp" };
  await tower.insert("blind_intervals", [
    { ...interval, blind_until: null, known_at: at(115), batch: 1 },
    { ...interval, blind_until: at(160), known_at: at(160), batch: 2 },
    { ...interval, silent_since: at(500), blind_from: at(495), blind_until: null, known_at: at(515), batch: 3 },
  ]);
  const gap = { source: "/heard/b", epoch: 0, noticed_at: at(300), known_at: at(300), site: "south", domain: "erp" };
  await tower.insert("sequence_gaps", [
    { ...gap, first: 3, last: 9, state: "open", batch: 1 },
    { ...gap, first: 3, last: 9, state: "filled", batch: 2 },
    { ...gap, first: 3, last: 4, state: "open", batch: 2 },
    { ...gap, first: 6, last: 9, state: "open", batch: 2 },
  ]);
  await tower.insert("source_lateness", [
    { source: "/heard/b", site: "south", domain: "erp", minute: at(310), behind: 2, behind_ms: 9000 },
    { source: "/heard/b", site: "south", domain: "erp", minute: at(311), behind: 1, behind_ms: 4000 },
  ]);
  await tower.insert("quarantine", [
    { log: "g", position: 1, arrived_at: at(400), source: "/heard/b", code: "clock_ahead", digest: "x".repeat(32) },
    { log: "g", position: 2, arrived_at: at(401), source: "/heard/b", code: "invalid_request", digest: "x".repeat(32) },
    { log: "g", position: 3, arrived_at: at(402), source: "/heard/b", code: "clock_ahead", digest: "x".repeat(32) },
    { log: "g", position: 4, arrived_at: at(20), source: "/ahead", code: "clock_ahead", digest: "x".repeat(32) },
  ]);
  const trailer = { source: "/files", name: "inventory", log: "g", time: at(200), counted: 9, totals: "{}", batch: 1 };
  await tower.insert("feed_batches", [
    {
      ...trailer,
      id: "t1",
      position: 3,
      arrived_at: at(200),
      rows: 9,
      events: 9,
      known_at: at(200),
      site: "",
      domain: "",
    },
  ]);
});

afterAll(() => tower.close());

const weekBefore = (minute: number) => new Date(Date.parse(at(minute)) - 7 * 86_400_000).toISOString();

function state(source: string, site: string) {
  return {
    source,
    site,
    domain: "erp",
    first_event_at: at(0),
    last_event_at: at(590),
    last_arrived_at: at(590),
    last_sequence: -1,
    is_complete: 0,
    types: ["erp.invoice.received"],
  };
}

test("tells one finding for each outage, for the gaps of a feed, and for each batch that did not come as promised", async () => {
  const { items } = feedFindings.parse(await tower.get("/sources/findings"));
  expect(items.map(({ mostMs }) => mostMs)).toEqual([null, null, null, null, null, 9000, null, null]);
  expect(
    items.map(({ source, kind, since, until, count, detail }) => [source, kind, since, until, count, detail]),
  ).toEqual([
    ["/heard/a", "silent", at(495), null, 1, "nothing is heard of it"],
    ["/ahead", "clock-ahead", at(20), null, 1, "refused for lying too far in the future"],
    ["/files", "batch", weekBefore(150), null, 1, "inventory of 2026-03-03: missing"],
    ["/heard/b", "missing-numbers", at(300), null, 6, "missing: 3–4, 6–9"],
    ["/heard/b", "clock-ahead", at(400), at(402), 2, "refused for lying too far in the future"],
    ["/heard/b", "behind-watermark", at(310), at(312), 3, "arrived behind the watermark"],
    ["/files", "batch", at(150), at(200), 1, "inventory of 2026-03-10: late, implausible"],
    ["/heard/a", "silent", at(98), at(160), 1, "nothing was heard of it"],
  ]);
});

test("says how a feed is covered", async () => {
  const detail = feedDetail.parse(await tower.get("/sources/detail?source=/heard/b"));
  expect(detail).toMatchObject({
    blind: [],
    gaps: [
      { first: 3, last: 4, isFollowed: true },
      { first: 6, last: 9, isFollowed: true },
    ],
    missing: 6,
    behind: { count: 3, mostMs: 9000 },
    clockAhead: 2,
  });
  const files = feedDetail.parse(await tower.get("/sources/detail?source=/files"));
  expect(files.batches).toMatchObject([
    { day: "2026-03-10", name: "inventory", rows: 9, trailers: 1, faults: ["late", "implausible"] },
    { day: "2026-03-03", trailers: 0, faults: ["missing"] },
  ]);
});

test("tells of an earlier time what came of its batches since", async () => {
  const { items } = feedFindings.parse(await tower.get(`/sources/findings?from=${at(60)}&to=${at(180)}`));
  const batches = items.filter(({ kind }) => kind === "batch");
  expect(batches).toMatchObject([
    { since: at(150), until: at(200), detail: "inventory of 2026-03-10: late, implausible" },
  ]);
  const then = feedFindings.parse(await tower.get(`/sources/findings?from=${at(60)}&to=${at(180)}&asOf=${at(190)}`));
  expect(then.items.filter(({ kind }) => kind === "batch")).toMatchObject([
    { since: at(150), until: null, detail: "inventory of 2026-03-10: missing" },
  ]);
});

test("tells a scoped key of its own feeds only", async () => {
  const { items } = feedFindings.parse(await tower.get("/sources/findings", south));
  expect(new Set(items.map(({ source }) => source))).toEqual(new Set(["/heard/b"]));
  expect((await tower.request("/sources/detail?source=/heard/a", { key: south })).status).toBe(404);
});

test("says what a feed promised, and when its calendar excuses that nothing is heard of it", async () => {
  const { items } = sourcePage.parse(await tower.get("/sources"));
  const of = (name: string) => items.find(({ source }) => source === name);
  expect(of("/office")).toMatchObject({
    state: "reporting",
    silentSince: null,
    promise: {
      watermark: "arrival",
      lagMs: 300_000,
      silentAfterMs: 1_800_000,
      calendar: "afternoons",
      isExcused: true,
    },
  });
  expect(Date.parse(of("/office")?.promise.silentAt ?? "")).toBe(Date.parse(at(750)) + 1);
  expect(of("/files")?.promise).toEqual({
    watermark: "batch",
    lagMs: null,
    silentAfterMs: null,
    silentAt: null,
    calendar: null,
    isExcused: false,
  });
});

test("an event that lies ahead is a finding that goes on until its feed is accepted again, also of one never heard of", async () => {
  const find = async (query: string) =>
    feedFindings
      .parse(await tower.get(`/sources/findings?${query}`))
      .items.filter(({ kind }) => kind === "clock-ahead" || kind === "behind-watermark")
      .map(({ source, kind, until }) => [source, kind, until]);
  expect(await find(`from=${at(60)}&to=${at(420)}`)).toEqual([
    ["/heard/b", "clock-ahead", at(402)],
    ["/heard/b", "behind-watermark", at(312)],
  ]);
  await tower.insert("source_lateness", [
    { source: "/heard/b", site: "south", domain: "erp", minute: at(590), behind: 1, behind_ms: 4000 },
  ]);
  expect(await find("")).toEqual([
    ["/ahead", "clock-ahead", null],
    ["/heard/b", "behind-watermark", null],
    ["/heard/b", "clock-ahead", at(402)],
  ]);
  const detail = feedDetail.parse(await tower.get("/sources/detail?source=/ahead"));
  expect(detail).toMatchObject({ clockAhead: 1, gaps: [], batches: [] });
  expect((await tower.request("/sources/detail?source=/ahead", { key: south })).status).toBe(404);
});

test("a gap in a log stops evaluation: it is found, told to everybody, and shown to monitoring", async () => {
  const commit = { log: "g1", events: 10, spans: 0, logs: 0, quarantined: 0 };
  await tower.insert("commits", [
    { ...commit, batch: 1, first_position: 1, last_position: 10, committed_at: at(100) },
    { ...commit, batch: 3, first_position: 21, last_position: 30, committed_at: at(110) },
    { ...commit, log: "g2", batch: 2, first_position: 5, last_position: 9, committed_at: at(599.5) },
    { ...commit, log: "g3", batch: 2, first_position: 1, last_position: 9, committed_at: at(101) },
  ]);
  const cursors = { g1: { batch: 1, nextPosition: 11 }, g3: { batch: 2, nextPosition: 10 } };
  const step = { projector: "legs", shard: 0, batch: 1, phase: "commit", now: at(102) };
  await tower.insert("projection_steps", [{ ...step, body: JSON.stringify({ cursors }) }]);
  const find = async (query: string, key?: string) =>
    feedFindings
      .parse(await tower.get(`/sources/findings?${query}`, key))
      .items.filter(({ kind }) => kind === "log-gap");
  const gap = {
    source: "g1",
    since: at(110),
    until: null,
    count: 10,
    detail: expect.stringContaining("11–20 of this"),
  };
  expect(await find("")).toMatchObject([gap]);
  expect(await find("", south)).toMatchObject([gap]);
  expect(await find(`asOf=${at(112)}`)).toMatchObject([gap]);
  expect(await find(`asOf=${at(109)}`)).toEqual([]);
  const metrics = await (await tower.request("/metrics")).text();
  expect(metrics).toContain('throughline_projection_lag_seconds{projector="legs"} 29400');
  expect(metrics).toContain('throughline_projection_lag_seconds{projector="reconciler"} 30000');
});
