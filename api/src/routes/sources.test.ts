import { afterAll, beforeAll, expect, test } from "vitest";
import { overview } from "../contract/overview.ts";
import { sourcePage } from "../contract/source.ts";
import { at, readPages } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const NOW = Date.parse(at(600));
let tower: Tower;
let south: string;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW });
  south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  await tower.insert("source_states", [
    state("/heard/a", { site: "north", arrivedMinute: 595 }),
    {
      ...state("/heard/a", { site: "", arrivedMinute: 598 }),
      domain: "throughline",
      last_heartbeat_at: at(598),
      watermark_at: at(560),
    },
    state("/plain", { site: "north", arrivedMinute: 590 }),
    state("/plain", { site: "south", arrivedMinute: 580 }),
    { ...state("/quiet", { site: "south", arrivedMinute: 400 }), last_heartbeat_at: at(400), watermark_at: at(398) },
    state("/still", { site: "south", arrivedMinute: 300 }),
    { ...state("/import/x", { site: "north", arrivedMinute: 100 }), is_complete: 1 },
  ]);
  await tower.insert(
    "source_history",
    ["/heard/a", "/plain"].map((source) => {
      const columns = Object.entries(state(source, { site: "north", arrivedMinute: 100 }));
      return { ...Object.fromEntries(columns.filter(([name]) => name !== "types")), until: at(101) };
    }),
  );
  await tower.insert("source_activity", [
    activity("/heard/a", "north", { minute: 590, accepted: 5 }),
    activity("/plain", "north", { minute: 590, accepted: 7 }),
    activity("/plain", "south", { minute: 595, accepted: 11 }),
    activity("/plain", "south", { minute: 595, accepted: -1 }),
    activity("/quiet", "south", { minute: 30, accepted: 100 }),
  ]);
});

afterAll(() => tower.close());

function state(source: string, of: { site: string; arrivedMinute: number }) {
  const last = at(of.arrivedMinute);
  return {
    source,
    site: of.site,
    domain: "erp",
    first_event_at: at(0),
    last_event_at: last,
    last_arrived_at: last,
    last_sequence: -1,
    is_complete: 0,
    types: ["erp.invoice.received"],
  };
}

function activity(source: string, site: string, { minute, accepted }: { minute: number; accepted: number }) {
  return {
    source,
    site,
    domain: "erp",
    minute: at(minute),
    accepted,
    duplicates: 0,
    superseded: 0,
    conflicts: 0,
    failed: 1,
  };
}

function commit(batch: number, minute: number) {
  const counts = { events: 1, spans: 0, logs: 0, quarantined: 0 };
  return { log: "g1", batch, first_position: batch, last_position: batch, committed_at: at(minute), ...counts };
}

const sources = async (path = "/sources", key?: string) => sourcePage.parse(await tower.get(path, key)).items;

test("says of each feed how far it is complete and since when it is silent", async () => {
  expect(await sources()).toMatchObject([
    {
      source: "/heard/a",
      state: "reporting",
      completeTo: at(560),
      watermarkAt: at(560),
      lastHeartbeatAt: at(598),
      silentSince: null,
    },
    { source: "/import/x", state: "complete", completeTo: at(600) },
    {
      source: "/plain",
      state: "reporting",
      completeTo: at(595),
      watermarkAt: null,
      sites: ["north", "south"],
      accepted: 17,
    },
    { source: "/quiet", state: "silent", silentSince: at(400), completeTo: at(395) },
    { source: "/still", state: "quiet", silentSince: null },
  ]);
});

test("counts what a feed sent in the range only", async () => {
  const [, , plain, quiet] = await sources(`/sources?from=${at(591)}&to=${at(600)}`);
  expect([plain?.accepted, quiet?.accepted]).toEqual([10, 0]);
});

test("says how many feeds are complete to what time, and links to them", async () => {
  const { freshness, throughput } = overview.parse(await tower.get(`/overview?from=${at(540)}&to=${at(600)}`));
  expect(freshness).toMatchObject({
    feeds: { value: 5 },
    complete: { value: 3 },
    silent: { value: 1 },
    completeTo: at(560),
  });
  for (const name of ["feeds", "complete", "silent"] as const)
    expect(await sources(freshness?.[name].href ?? "")).toHaveLength(freshness?.[name].value ?? -1);
  expect(throughput.total.value).toBe(22);
  const linked = await sources(throughput.total.href);
  expect(linked.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(22);
  expect(throughput.points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(22);
});

test("tells of throughput as of a moment what had arrived by its minute, and nothing of the present", async () => {
  const tell = async (minute: number) =>
    overview.parse(await tower.get(`/overview?from=${at(540)}&to=${at(600)}&asOf=${at(minute)}`));
  const whole = overview.parse(await tower.get(`/overview?from=${at(540)}&to=${at(600)}`)).throughput;
  expect(await tell(600)).toMatchObject({ reconciler: null, throughput: { total: { value: 22 } } });
  const [first] = whole.points;
  const early = await tell((Date.parse(first?.at ?? "") - Date.parse(at(0))) / 60_000);
  expect(early.throughput.total.value).toBe(first?.accepted);
  expect(await sources(early.throughput.total.href)).toSatisfy(
    (all: { accepted: number }[]) => all.reduce((sum, { accepted }) => sum + accepted, 0) === first?.accepted,
  );
});

test("shows a scoped key the feeds of its sites with what they sent there", async () => {
  expect((await sources("/sources", south)).map(({ source, sites, accepted }) => [source, sites, accepted])).toEqual([
    ["/plain", ["south"], 10],
    ["/quiet", ["south"], 100],
    ["/still", ["south"], 0],
  ]);
  const { freshness } = overview.parse(await tower.get("/overview", south));
  expect(freshness?.feeds.value).toBe(3);
});

test("pages through feeds by name", async () => {
  const all = await readPages({ tower, path: "/sources?limit=1", parse: (body) => sourcePage.parse(body) });
  expect(all.map(({ source }) => source)).toEqual(["/heard/a", "/import/x", "/plain", "/quiet", "/still"]);
});

test("says how long what was stored has waited for its evaluation", async () => {
  await tower.insert("commits", [commit(1, 500), commit(2, 590), commit(3, 595)]);
  const step = (projector: string, batch: number, nextPosition: number) => ({
    projector,
    shard: 0,
    batch,
    phase: "commit",
    // Catching up, a step is of now though what it read waited for long.
    now: at(599),
    body: JSON.stringify({ cursors: { g1: { batch, nextPosition } } }),
    recorded_at: at(599),
  });
  await tower.insert("projection_steps", [step("legs", 1, 2), step("legs", 2, 3), step("reconciler", 1, 2)]);
  const { projection, reconciler } = overview.parse(await tower.get("/overview"));
  expect(projection).toEqual({ lagMs: 300_000, pendingSince: at(595), evaluatedAt: at(599) });
  expect(reconciler).toEqual({ lagMs: 600_000, pendingSince: at(590), evaluatedAt: at(599) });
});

test("calls no feed complete beyond what evaluation has read", async () => {
  const event = { log: "g1", source: "/plain", domain: "erp", type: "erp.invoice.received", site: "north" };
  await tower.insert("events", [
    { ...event, position: 2, id: "e2", arrived_at: at(589), time: at(589) },
    { ...event, position: 3, id: "e3", arrived_at: at(594), time: at(594) },
  ]);
  const before = (minute: number, ms: number) => new Date(Date.parse(at(minute)) - ms).toISOString();
  const completeTo = async (query = "") =>
    Object.fromEntries((await sources(`/sources?${query}`)).map((each) => [each.source, each.completeTo]));
  const shown = { "/heard/a": at(560), "/import/x": before(594, 1), "/plain": before(589, 1) };
  expect(await completeTo()).toMatchObject(shown);
  await tower.insert("commits", [{ ...commit(5, 596), first_position: 5, last_position: 5 }]);
  const step = { projector: "legs", shard: 0, batch: 3, phase: "commit", now: at(599), recorded_at: at(599) };
  const cursors = { g1: { batch: 3, nextPosition: 4 } };
  await tower.insert("projection_steps", [
    { ...step, body: JSON.stringify({ cursors, readUntil: Date.parse(at(580)) }) },
  ]);
  // Position 4 never came: nothing is known to have been read after what lies before it.
  expect(await completeTo()).toMatchObject(shown);
  const read = { ...step, batch: 4, body: JSON.stringify({ cursors: { g1: { batch: 5, nextPosition: 6 } } }) };
  await tower.insert("projection_steps", [read]);
  expect(await completeTo()).toMatchObject({ "/import/x": at(600), "/plain": at(595) });
});
