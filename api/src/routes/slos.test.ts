import type { Verdict } from "@throughline/schemas/leg";
import { slo } from "@throughline/schemas/pack/slo";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { legPage } from "../contract/leg.ts";
import { sloDetail, type SloItem, sloPage } from "../contract/slo.ts";
import { appendVerdicts, at, readPages, type toVerdict, type VerdictSketch } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const NOON = 12 * 60;
const base = { flow: "order", response: "Call.", window: { days: 2 } };
const SLOS = [
  { ...base, id: "receipts", title: "Receipts", legs: ["receipt"], objective: 90, minimum: 10 },
  { ...base, id: "everything", title: "All legs", objective: 99, minimum: 1 },
  { ...base, id: "south", title: "South", sites: ["south"], objective: 99 },
  { ...base, id: "acme", title: "Acme", suppliers: ["ACME"], criticality: ["critical"], objective: 99 },
].map((each) => slo.parse(each));

let current = new Map<string, ReturnType<typeof toVerdict>>();
let tower: Tower;
let batch = 1;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(NOON)), pack: { ...TEST_PACK, slos: SLOS } });
  await tower.writer.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
  await completeFeed("erp", ["erp.goods_receipt.posted", "erp.payment.cleared"]);
});

afterAll(() => tower.close());

beforeEach(async () => {
  for (const table of ["leg_verdicts", "leg_rollups", "leg_minutes"])
    await tower.writer.command({ query: `TRUNCATE TABLE ${table}` });
  current = new Map();
});

/** A feed that is known to have sent all that it ever will. */
async function completeFeed(source: string, types: readonly string[], columns: object = {}) {
  const times = { first_event_at: at(0), last_event_at: at(1), last_arrived_at: at(1) };
  await tower.insert("source_states", [
    { source, site: "", domain: "", ...times, last_sequence: -1, is_complete: 1, types, ...columns },
  ]);
  await tower.insert(
    "source_types",
    types.map((type) => ({ source, type, site: "", domain: "", since_batch: 1, known_at: at(0) })),
  );
}

async function forgetFeeds() {
  for (const table of ["source_states", "source_types"])
    await tower.writer.command({ query: `TRUNCATE TABLE ${table}` });
}

async function append(sketches: readonly Omit<VerdictSketch, "batch">[]) {
  batch += 1;
  await appendVerdicts(
    tower,
    current,
    sketches.map((sketch) => ({ ...sketch, batch })),
  );
}

/** So many legs with a verdict, a second apart within the last minutes before noon. */
function legs(verdict: Verdict, count: number, more: Partial<VerdictSketch> = {}): Omit<VerdictSketch, "batch">[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${verdict}-${more.leg ?? ""}-${more.site ?? ""}-${index}`,
    verdict,
    minute: NOON - 3 + index / 60,
    ...more,
  }));
}

const list = async (path = "/slos", key?: string) => sloPage.parse(await tower.get(path, key)).items;

async function read(id: string, key?: string): Promise<SloItem> {
  return sloDetail.parse(await tower.get(`/slos/${id}`, key)).slo;
}

const countRows = async (href: string) =>
  (await readPages({ tower, path: href, parse: (body) => legPage.parse(body) })).length;

test("L16: nine met, one breached and two overdue comply to 75 per cent", async () => {
  await append([...legs("MET", 9), ...legs("BREACHED", 1), ...legs("OVERDUE_PROVISIONAL", 2), ...legs("OPEN", 5)]);
  const { compliance, budget } = await read("receipts");
  expect(compliance).toMatchObject({ share: 0.75, met: 9, n: 12 });
  expect(budget).toMatchObject({ allowed: 1, left: 0, spent: { value: 1 }, provisional: { value: 2 } });
});

test("lists as many legs as each of its figures says", { timeout: 120_000 }, async () => {
  const verdict = fc.constantFrom<Verdict>("MET", "BREACHED", "OVERDUE_PROVISIONAL", "OPEN", "EXCLUDED");
  const leg = fc.record({
    index: fc.nat(8),
    verdict,
    leg: fc.constantFrom("receipt", "payment"),
    minute: fc.integer({ min: NOON - 400, max: NOON + 30 }),
    site: fc.constantFrom("north", "south"),
    supplier: fc.constantFrom("ACME", "BRAVO", ""),
    criticality: fc.constantFrom("critical", "standard"),
    removed: fc.boolean(),
  });
  const batches = fc.array(fc.array(leg, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(batches, async (history) => {
    for (const sketches of history) {
      const once = new Map(sketches.map((sketch) => [`${sketch.leg} ${sketch.index}`, sketch]));
      await append([...once.values()].map(({ index, ...sketch }) => ({ ...sketch, id: `p${index}` })));
    }
    const figures = (await list()).flatMap(({ budget, compliance, rules }) => [
      budget.spent,
      budget.provisional,
      { value: compliance.n, href: compliance.href },
      ...rules.flatMap(({ long, short }) => [long.good, long.bad, short.good, short.bad]),
    ]);
    const rows = await Promise.all(figures.map(async ({ href }) => ({ value: await countRows(href), href })));
    expect(rows).toEqual(figures);
  });
  await fc.assert(property, { numRuns: 3 });
});

test("pages when both windows burn, and opens no page for what is provisional", async () => {
  await append([...legs("MET", 10), ...legs("OVERDUE_PROVISIONAL", 50)]);
  expect((await read("everything")).state).toBe("within");
  await append(legs("BREACHED", 3));
  const paging = await read("everything");
  expect(paging.state).toBe("page");
  expect(paging.rules[0]).toMatchObject({ severity: "page", isEnough: true, isBurning: true });
  expect(paging.rules[0]?.long.burn).toBeCloseTo((3 / 13) * 100);
});

test("restores the error budget when a late proof corrects a breach", async () => {
  await append([...legs("MET", 17), ...legs("BREACHED", 3, { minute: NOON - 4 })]);
  const before = await read("everything");
  expect(before).toMatchObject({ state: "page", budget: { spent: { value: 3 } } });
  await append(legs("BREACHED", 3).map((sketch) => ({ ...sketch, verdict: "MET", minute: NOON - 5 })));
  const after = await read("everything");
  expect(after).toMatchObject({ state: "within", budget: { left: 1, spent: { value: 0 } }, compliance: { share: 1 } });
  expect(after.rules[0]?.long).toMatchObject({ good: { value: 20 }, bad: { value: 0 }, burn: 0 });
});

test("leaves what is dated in blind hours out of compliance, budget and burn alike", async () => {
  const blind = { silent_since: at(NOON - 190), blind_from: at(NOON - 180), blind_until: at(NOON - 60) };
  await tower.insert("source_types", [
    {
      source: "/dock",
      type: "erp.goods_receipt.posted",
      site: "north",
      domain: "erp",
      since_batch: 1,
      known_at: at(0),
    },
  ]);
  await tower.insert("blind_intervals", [
    { source: "/dock", ...blind, batch: 1, known_at: at(NOON - 100), site: "north", domain: "erp" },
  ]);
  await append([
    ...legs("MET", 9),
    ...legs("BREACHED", 1, { minute: NOON - 200 }),
    ...[
      ...legs("BREACHED", 4, { minute: NOON - 150, supplier: "ACME" }),
      ...legs("MET", 2, { minute: NOON - 100 }),
      ...legs("OVERDUE_PROVISIONAL", 1, { minute: NOON - 90 }),
    ].map((sketch) => ({ ...sketch, id: `unseen-${sketch.id}` })),
  ]);
  const { slo: item, series, spenders } = sloDetail.parse(await tower.get("/slos/receipts"));
  expect(item.compliance).toMatchObject({ share: 0.9, met: 9, n: 10, unseen: 7 });
  expect(item.budget).toMatchObject({ allowed: 1, left: 0, spent: { value: 1 }, provisional: { value: 0 } });
  const sixHours = item.rules
    .flatMap(({ long, short }) => [long, short])
    .find(({ lengthMs }) => lengthMs === 21_600_000);
  expect(sixHours).toMatchObject({ good: { value: 9 }, bad: { value: 1 } });
  expect(series.points.at(-1)?.burns).toEqual(item.rules.map(({ long }) => long.burn));
  expect(spenders.supplier).toMatchObject([{ value: "", spent: { value: 1 }, share: 1 }]);
  const figures = [item.budget.spent, item.budget.provisional, ...(sixHours ? [sixHours.good, sixHours.bad] : [])];
  for (const { value, href } of figures) expect(await countRows(href)).toBe(value);
  expect(await countRows(item.compliance.href)).toBe(10);
  await tower.writer.command({ query: "TRUNCATE TABLE blind_intervals" });
  await forgetFeeds();
  await completeFeed("erp", ["erp.goods_receipt.posted", "erp.payment.cleared"]);
});

test("raises nothing of fewer legs than the minimum", async () => {
  await append([...legs("MET", 3), ...legs("BREACHED", 6)]);
  expect((await read("receipts")).state).toBe("few");
  await append(legs("MET", 4));
  expect((await read("receipts")).rules[0]).toMatchObject({ isEnough: true });
});

test("says that a budget is spent although it does not burn any more, from the minimum of legs on", async () => {
  await append([...legs("MET", 7), ...legs("BREACHED", 2, { minute: NOON - 600 })]);
  expect((await read("receipts")).state).toBe("few");
  await append(legs("BREACHED", 3, { minute: NOON - 600 }));
  expect(await read("receipts")).toMatchObject({ state: "spent", budget: { allowed: 1, spent: { value: 3 } } });
});

test("judges the legs of its own leg, sites, suppliers and importance alone", async () => {
  await append([
    ...legs("BREACHED", 2, { leg: "payment" }),
    ...legs("MET", 3, { site: "south" }),
    ...legs("BREACHED", 1, { supplier: "ACME", criticality: "critical", id: "a" }),
    ...legs("BREACHED", 1, { supplier: "ACME", criticality: "standard", id: "b" }),
  ]);
  const items = new Map((await list()).map((item) => [item.id, item]));
  expect(items.get("receipts")?.compliance).toMatchObject({ met: 3, n: 5 });
  expect(items.get("everything")?.compliance).toMatchObject({ met: 3, n: 7 });
  expect(items.get("south")?.compliance).toMatchObject({ met: 3, n: 3 });
  expect(items.get("acme")?.compliance).toMatchObject({ met: 0, n: 1 });
});

test("shows a scoped key the legs of its sites and nothing else, and narrows to asked sites", async () => {
  await append([...legs("MET", 3, { site: "south" }), ...legs("BREACHED", 4, { site: "north" })]);
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const own = await read("everything", key);
  expect(own.compliance).toMatchObject({ met: 3, n: 3 });
  expect(own.rules[0]?.long).toMatchObject({ good: { value: 3 }, bad: { value: 0 } });
  const detail = sloDetail.parse(await tower.get("/slos/everything", key));
  expect(detail.spenders.site.map(({ value }) => value)).toEqual(["south"]);
  const [narrowed] = await list("/slos?site=north&flow=order&limit=1");
  expect(narrowed?.compliance).toMatchObject({ met: 0, n: 4 });
  expect((await list("/slos?site=north")).map(({ id }) => id)).not.toContain("south");
  expect((await tower.request("/slos/south?site=north")).status).toBe(404);
});

test("shows the burn over time, ending where the windows of the rules end", async () => {
  await append([...legs("MET", 10, { minute: NOON - 90 }), ...legs("BREACHED", 5, { minute: NOON - 20 })]);
  const { series, slo: item } = sloDetail.parse(await tower.get("/slos/everything"));
  expect(series).toMatchObject({ to: at(NOON), from: at(NOON - 24 * 60), stepMs: 600_000 });
  expect(series.points).toHaveLength(144);
  expect(series.points.at(-1)?.burns).toEqual(item.rules.map(({ long }) => long.burn));
  const at11 = series.points.find((point) => point.at === at(NOON - 60));
  expect(at11?.burns).toEqual([0, 0, 0, 0]);
  const long = sloDetail.parse(await tower.get(`/slos/everything?from=${at(-30 * 24 * 60)}`)).series;
  expect(long).toMatchObject({ from: at(NOON - 5 * 24 * 60), stepMs: 3_600_000 });
});

test("says whose legs spent the budget, the worst first", async () => {
  await append([
    ...legs("BREACHED", 3, { supplier: "BRAVO", site: "north" }),
    ...legs("BREACHED", 1, { supplier: "ACME", leg: "payment" }),
    ...legs("MET", 4),
  ]);
  const { spenders } = sloDetail.parse(await tower.get("/slos/everything"));
  expect(spenders.supplier).toMatchObject([
    { value: "BRAVO", share: 0.75, spent: { value: 3 } },
    { value: "ACME", share: 0.25 },
    { value: "", spent: { value: 0 }, compliance: { share: 1, n: 4 } },
  ]);
  for (const { spent } of [...spenders.leg, ...spenders.supplier, ...spenders.site])
    expect(await countRows(spent.href)).toBe(spent.value);
});

test("ends its windows where its feeds are complete, and is unknown when they are silent", async () => {
  await append([...legs("MET", 20), ...legs("MET", 1, { leg: "payment", minute: NOON - 2 })]);
  await completeFeed("/heard/dock", ["erp.goods_receipt.posted"], {
    is_complete: 0,
    watermark_at: at(NOON - 30),
    last_arrived_at: at(NOON - 1),
  });
  expect(await read("receipts")).toMatchObject({ settledTo: at(NOON - 30), state: "few" });
  expect((await read("everything")).settledTo).toBe(at(NOON - 30));
  await forgetFeeds();
  await completeFeed("/heard/dock", ["erp.goods_receipt.posted"], { is_complete: 0, last_arrived_at: at(NOON - 60) });
  expect(await read("receipts")).toMatchObject({ state: "unknown", coverage: { feeds: 1, blind: 1 } });
  await completeFeed("erp", ["erp.goods_receipt.posted", "erp.payment.cleared"]);
  const partial = { state: "partial", coverage: { feeds: 2, blind: 1 }, compliance: { n: 20 } };
  expect(await read("receipts")).toMatchObject(partial);
  expect((await list("/slos?state=partial")).map(({ id }) => id)).toContain("receipts");
  await append(legs("BREACHED", 10));
  expect((await read("receipts")).state).toBe("ticket");
  await forgetFeeds();
  await completeFeed("erp", ["erp.goods_receipt.posted", "erp.payment.cleared"]);
});

test("lists page by page, filters by state, and leaves as CSV", async () => {
  await append(legs("BREACHED", 12));
  const ids = (await readPages({ tower, path: "/slos?limit=1", parse: (body) => sloPage.parse(body) })).map(
    ({ id }) => id,
  );
  expect(ids).toEqual(SLOS.map(({ id }) => id));
  expect((await list("/slos?state=page")).map(({ id }) => id)).toEqual(["receipts", "everything"]);
  expect((await list("/slos?state=few&state=within")).map(({ id }) => id)).toEqual(["south", "acme"]);
  expect((await tower.request("/slos?limit=1&cursor=e30")).status).toBe(400);
  const csv = await (await tower.request("/slos?format=csv")).text();
  const [head, first] = csv
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
  expect(first?.[head?.indexOf("objective_percent") ?? -1]).toBe("90");
  expect(first?.[head?.indexOf("burn_1h") ?? -1]).toBe("10");
  expect((await tower.request("/slos?format=parquet")).status).toBe(200);
  expect((await tower.request("/slos/nothing")).status).toBe(404);
});
