import { afterAll, beforeAll, expect, test } from "vitest";
import { type Leg, legPage } from "../contract/leg.ts";
import { CELLS } from "../forecasts/share-grid.ts";
import { appendVerdicts, at, readPages, type toVerdict, type VerdictSketch } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const NOW = at(12 * 60);
const ZONE = "UTC";

let tower: Tower;
const current = new Map<string, ReturnType<typeof toVerdict>>();

/** Legs started so many minutes ago, of a budget of four hours. The tenth of March 2026 is a Tuesday. */
const SKETCHES: VerdictSketch[] = [
  { id: "fresh", batch: 1, verdict: "OPEN", minute: 720 - 24, supplier: "acme" },
  { id: "half", batch: 1, verdict: "OPEN", minute: 720 - 120, supplier: "acme" },
  { id: "old", batch: 1, verdict: "AT_RISK", minute: 720 - 216, supplier: "acme" },
  { id: "other", batch: 1, verdict: "OPEN", minute: 720 - 120, supplier: "nobody", site: "south" },
  { id: "unknown", batch: 1, verdict: "OPEN", minute: 720 - 120, criticality: "standard" },
  { id: "done", batch: 1, verdict: "MET", minute: 700, supplier: "acme" },
  { id: "late", batch: 1, verdict: "BREACHED", minute: 600, supplier: "acme" },
];

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(NOW) });
  await appendVerdicts(tower, current, SKETCHES);
  await freeze("2026-03-08", { recordedMinute: -2870, from: 0.5 });
  await freeze("2026-03-10", { recordedMinute: 700, from: 0.2 });
});

afterAll(() => tower.close());

/** A day's curves: the chance of being late climbs evenly, as a power, from `from` at the start to 1 at the deadline. */
async function freeze(day: string, { recordedMinute, from }: { recordedMinute: number; from: number }) {
  const late = Array.from({ length: CELLS + 1 }, (_, point) => from ** (1 - point / CELLS));
  const whole = { flow: "order", day, leg: "receipt", calendar: "", criticality: "high", domain: "procurement" };
  const curve = { ...whole, site: "", supplier: "", hours: "", level: "leg", late };
  await tower.insert("leg_forecasts", [
    { ...curve, legs: Array.from({ length: CELLS }, () => 300) },
    {
      ...curve,
      site: "north",
      supplier: "acme",
      level: "site-supplier",
      legs: Array.from({ length: CELLS }, (_, cell) => 100 - cell),
    },
  ]);
  const body = JSON.stringify({ legs: { receipt: { zone: ZONE } } });
  for (const phase of ["begin", "commit"])
    await tower.insert("forecast_steps", [{ flow: "order", day, phase, body, recorded_at: at(recordedMinute) }]);
}

const parse = (body: unknown) => legPage.parse(body);
const read = (path: string, key?: string) => readPages({ tower, path, parse, ...(key !== undefined && { key }) });
const byId = (legs: readonly Leg[]) => new Map(legs.map((leg) => [leg.instance.id, leg.forecast]));

test("foretells open legs from those most alike, and nothing else", async () => {
  const forecasts = byId(await read("/legs"));
  expect(forecasts.get("half")).toMatchObject({ level: "site-supplier", frozenOn: "2026-03-10" });
  expect(forecasts.get("other")).toMatchObject({ level: "leg", n: 300 });
  expect(forecasts.get("half")?.n).toBeGreaterThan(60);
  for (const id of ["unknown", "done", "late"]) expect(forecasts.get(id)).toBeNull();
});

test("gives a leg less of a chance the longer it has run", async () => {
  const forecasts = byId(await read("/legs"));
  const [fresh, half, old] = ["fresh", "half", "old"].map((id) => forecasts.get(id)?.chance ?? -1);
  expect(fresh).toBeGreaterThan(half ?? 1);
  expect(half).toBeGreaterThan(old ?? 1);
  expect(old).toBeGreaterThan(0);
});

test("uses the curves that were there at the time that is asked of", async () => {
  const then = byId(await read(`/legs?asOf=${at(699)}`));
  expect(then.get("half")).toMatchObject({ frozenOn: "2026-03-08" });
  const before = byId(await read(`/legs?asOf=${at(699)}&flow=order&verdict=OPEN`));
  expect(before).toEqual(new Map([...then].filter(([id]) => before.has(id))));
});

test("lists the least likely first, those without a forecast last, over any number of pages", async () => {
  const all = await read("/legs?order=least-likely");
  expect(all.map(({ instance }) => instance.id)).toEqual(["old", "half", "other", "fresh", "unknown"]);
  const paged = await read("/legs?order=least-likely&limit=2");
  expect(paged).toEqual(all);
});

test("lists only legs whose chance is below what is asked", async () => {
  const all = byId(await read("/legs?order=least-likely"));
  const bound = all.get("half")?.chance ?? 0;
  const ids = async (query: string) => (await read(`/legs?${query}`)).map(({ instance }) => instance.id);
  expect(await ids(`chanceBelow=${bound}`)).toEqual(["old"]);
  expect(await ids(`chanceBelow=1&order=oldest`)).toEqual(["old", "half", "other", "fresh"]);
  expect(await ids(`chanceBelow=1&verdict=MET`)).toEqual([]);
  expect(await ids(`chanceBelow=1&verdict=AT_RISK`)).toEqual(["old"]);
  for (const wrong of ["0", "1.1", "x"]) expect((await tower.request(`/legs?chanceBelow=${wrong}`)).status).toBe(400);
});

test("shows a scoped key what its own site gives, and nothing that spans sites", async () => {
  const north = await tower.createKey({ scope: { sites: ["north"], domains: "*" } });
  expect(byId(await read("/legs", north)).get("half")).toMatchObject({ level: "site-supplier" });
  const south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  expect(await read("/legs?order=least-likely", south)).toMatchObject([{ instance: { id: "other" }, forecast: null }]);
});

test("shows the same in the journey and in an exported list", async () => {
  const half = (await read("/legs")).find(({ instance }) => instance.id === "half");
  const journey: unknown = await tower.get("/journeys/purchase_order_line/half");
  expect(journey).toMatchObject({ legs: [{ forecast: half?.forecast }] });
  const csv = await (await tower.request("/legs?format=csv&instanceId=half")).text();
  expect(csv).toContain(`,${half?.forecast?.chance},${half?.forecast?.n},`);
});

test("says nothing once its curves are older than a week", async () => {
  await tower.writer.command({ query: "DELETE FROM forecast_steps WHERE flow = 'order'" });
  await freeze("2026-03-02", { recordedMinute: -7 * 1440, from: 0.1 });
  expect(byId(await read("/legs")).get("half")).toBeNull();
  await freeze("2026-03-03", { recordedMinute: -6 * 1440, from: 0.1 });
  expect(byId(await read("/legs")).get("half")).toMatchObject({ frozenOn: "2026-03-03" });
});
