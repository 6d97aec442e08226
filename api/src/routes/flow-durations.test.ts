import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { calendar } from "@throughline/schemas/calendar/calendar";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowDurations, legProfile } from "../contract/flow-durations.ts";
import { legPage } from "../contract/leg.ts";
import { at, readPages, toVerdict } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const DAY = 24 * 60;
const HOUR_MS = 3_600_000;
const OFFICE = calendar.parse({
  id: "office",
  title: "Office",
  zone: "America/Chicago",
  shifts: {
    monday: [
      { from: "08:00", to: "12:00" },
      { from: "13:00", to: "17:00" },
    ],
    tuesday: [{ from: "22:00", to: "06:00" }],
    friday: [{ from: "00:00", to: "24:00" }],
    saturday: [{ from: "00:00", to: "24:00" }],
  },
});
const calendars = new Map([[OFFICE.id, OFFICE]]);
let tower: Tower;
let last = 0;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(DAY)), pack: { ...TEST_PACK, calendars } });
});

afterAll(() => tower.close());

interface Sketch {
  fromMinute: number;
  tookMs?: number;
  verdict?: "MET" | "BREACHED" | "OPEN" | "OVERDUE_PROVISIONAL";
  site?: string;
  calendar?: string;
  excusedMs?: number;
}

/** Stores legs that began at a minute and took so long, anew under a site of their own. */
async function store(sketches: readonly Sketch[], domain: string) {
  const rows = sketches.map(({ fromMinute, tookMs, verdict = "MET", site = "north", excusedMs = 0, ...row }) => ({
    ...toVerdict({ id: `i${++last}`, verdict, batch: last, minute: fromMinute, site, domain }),
    started_at: at(fromMinute),
    ended_at: tookMs === undefined ? null : new Date(Date.parse(at(fromMinute)) + tookMs).toISOString(),
    excused_ms: excusedMs,
    calendar: row.calendar ?? "",
  }));
  await tower.insert("leg_verdicts", rows);
}

async function readDurations(domain: string) {
  const range = `from=${at(-3 * DAY)}&to=${at(30 * DAY)}`;
  return flowDurations.parse(await tower.get(`/flows/order/durations?${range}&domain=${domain}`)).items[0];
}

test("takes percentiles by nearest rank, with those that still run beside them (L16)", async () => {
  const legs = Array.from({ length: 9 }, (_, n): Sketch => ({ fromMinute: n, tookMs: HOUR_MS }));
  const open: Sketch[] = [
    { fromMinute: 3, verdict: "OVERDUE_PROVISIONAL" },
    { fromMinute: 4, verdict: "OPEN" },
  ];
  await store([...legs, { fromMinute: 9, tookMs: 9 * HOUR_MS, verdict: "BREACHED" }, ...open], "l16");
  expect(await readDurations("l16")).toMatchObject({
    ended: 10,
    running: 2,
    p50Ms: HOUR_MS,
    p90Ms: HOUR_MS,
    p95Ms: 9 * HOUR_MS,
    maxMs: 9 * HOUR_MS,
    budgets: [{ budgetMs: 4 * HOUR_MS, legs: 12 }],
  });
});

test("tells sites and suppliers apart, with n and what still runs, so that they sum to the leg", async () => {
  await store(
    [
      ...[1, 2, 3, 4].map((hours) => ({ fromMinute: hours, tookMs: hours * HOUR_MS, site: "north" })),
      { fromMinute: 5, tookMs: 8 * HOUR_MS, verdict: "BREACHED", site: "south" },
      { fromMinute: 6, verdict: "OPEN", site: "south" },
    ],
    "apart",
  );
  const readBy = async (by: string) => {
    const range = `from=${at(-3 * DAY)}&to=${at(30 * DAY)}`;
    return flowDurations.parse(await tower.get(`/flows/order/durations?${range}&domain=apart${by}`));
  };
  const { items, isTruncated } = await readBy("&by=site");
  expect(isTruncated).toBe(false);
  expect(items.map(({ of, ended, running, p50Ms, p90Ms }) => [of, ended, running, p50Ms, p90Ms])).toEqual([
    ["north", 4, 0, 2 * HOUR_MS, 4 * HOUR_MS],
    ["south", 1, 1, 8 * HOUR_MS, 8 * HOUR_MS],
  ]);
  const [whole] = (await readBy("")).items;
  expect(whole).toMatchObject({ of: null, ended: 5, running: 1 });
  expect((await readBy("&by=site&leg=receipt")).items).toEqual(items);
  expect((await readBy("&by=site&leg=payment")).items).toEqual([]);
  expect((await readBy("&by=supplier")).items).toMatchObject([{ of: "", ended: 5, running: 1 }]);
  expect((await tower.request("/flows/order/durations?by=domain")).status).toBe(400);
});

test("bins durations without gaps, up to the time allowed at least", async () => {
  const found = await readDurations("l16");
  expect(found?.bins.filter(({ met, late }) => met + late > 0)).toEqual([
    { fromMs: HOUR_MS, toMs: 1.25 * HOUR_MS, met: 9, late: 0 },
    { fromMs: 8 * HOUR_MS, toMs: 10 * HOUR_MS, met: 0, late: 1 },
  ]);
  expect(found?.bins.slice(1).map(({ fromMs }) => fromMs)).toEqual(found?.bins.slice(0, -1).map(({ toMs }) => toMs));
  await store([{ fromMinute: 1, tookMs: 60_000 }], "quick");
  expect((await readDurations("quick"))?.bins.at(-1)).toEqual({
    fromMs: 4 * HOUR_MS,
    toMs: 5 * HOUR_MS,
    met: 0,
    late: 0,
  });
});

test("has nothing to say of a leg that never ended but that it runs", async () => {
  await store([{ fromMinute: 1, verdict: "OPEN" }], "open");
  expect(await readDurations("open")).toMatchObject({ ended: 0, running: 1, p50Ms: null, p95Ms: null, bins: [] });
});

test("counts working time as evaluation does, whatever the shifts", async () => {
  const [, working] = [...createWorkingTimes(calendars)][0] ?? [];
  if (!working) throw new Error("The calendar has no working time");
  const sketch = fc.record({
    fromMinute: fc.integer({ min: -400, max: 10 * DAY }),
    tookMs: fc.integer({ min: 0, max: 9 * DAY * 60_000 }),
    excusedMs: fc.constantFrom(0, 0, 60_000),
    isBusiness: fc.boolean(),
  });
  let runs = 0;
  const property = fc.asyncProperty(fc.array(sketch, { minLength: 1, maxLength: 40 }), async (sketches) => {
    const domain = `w${runs++}`;
    await store(
      sketches.map(({ isBusiness, ...row }) => ({ ...row, calendar: isBusiness ? OFFICE.id : "" })),
      domain,
    );
    const took = sketches
      .map(({ fromMinute, tookMs, excusedMs, isBusiness }) => {
        const from = Date.parse(at(fromMinute));
        return Math.max(0, (isBusiness ? working.between(from, from + tookMs) : tookMs) - excusedMs);
      })
      .toSorted((a, b) => a - b);
    const rank = (percent: number) => took[Math.ceil((percent * took.length) / 100) - 1];
    const found = await readDurations(domain);
    expect(found).toMatchObject({ p50Ms: rank(50), p90Ms: rank(90), p95Ms: rank(95), maxMs: took.at(-1) });
    expect(found?.bins.reduce((sum, { met }) => sum + met, 0)).toBe(took.length);
    for (const { fromMs, toMs, met } of found?.bins ?? [])
      expect(took.filter((ms) => ms >= fromMs && (toMs === null || ms < toMs))).toHaveLength(met);
  });
  await fc.assert(property, { numRuns: 15 });
});

test("says for each site and hour of the day how many legs kept their time, and lists them", async () => {
  const at9 = 9 * 60;
  await store(
    [
      { fromMinute: at9, tookMs: HOUR_MS },
      { fromMinute: at9 + 59, tookMs: HOUR_MS, verdict: "BREACHED" },
      { fromMinute: at9 + DAY, verdict: "OPEN" },
      { fromMinute: at9 + 60, tookMs: HOUR_MS },
      { fromMinute: at9, tookMs: HOUR_MS, site: "south" },
    ],
    "heat",
  );
  const range = `from=${at(0)}&to=${at(3 * DAY)}`;
  const path = `/flows/order/legs/receipt?${range}&domain=heat&zone=America/Chicago`;
  const profile = legProfile.parse(await tower.get(path));
  expect(profile.cells).toMatchObject([
    { site: "north", hour: 4, compliance: { met: 1, n: 2 }, legs: { value: 3 } },
    { site: "north", hour: 5, compliance: { met: 1, n: 1 }, legs: { value: 1 } },
    { site: "south", hour: 4, compliance: { met: 1, n: 1 }, legs: { value: 1 } },
  ]);
  for (const { compliance, legs } of profile.cells) {
    expect(await read(legs.href)).toHaveLength(legs.value);
    expect(await read(compliance.href)).toHaveLength(compliance.n);
  }
});

test("knows no other flow, leg or zone", async () => {
  const statusOf = async (path: string) => (await tower.request(path)).status;
  expect(await statusOf("/flows/nowhere/durations")).toBe(404);
  expect(await statusOf("/flows/order/legs/nowhere")).toBe(404);
  expect(await statusOf("/flows/order/legs/receipt?zone=Mars/Base")).toBe(400);
});

function read(path: string) {
  return readPages({ tower, path: path.replace("/api/v1", ""), parse: (body) => legPage.parse(body) });
}
