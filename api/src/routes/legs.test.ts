import type { Verdict } from "@throughline/schemas/leg";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowList } from "../contract/flow.ts";
import { type Leg, legPage } from "../contract/leg.ts";
import { overview } from "../contract/overview.ts";
import { appendVerdicts, at, readPages, toLegKey, toVerdict, type VerdictSketch } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const HISTORY: readonly Verdict[] = [
  "OPEN",
  "AT_RISK",
  "BREACHED",
  "MET",
  "OVERDUE_PROVISIONAL",
  "EXCLUDED",
  "PENDING_START",
];
const current = new Map<string, ReturnType<typeof toVerdict>>();
let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(24 * 60)) });
  for (const batch of [1, 2, 3, 4, 5]) await appendVerdicts(tower, current, sketchBatch(batch));
});

afterAll(() => tower.close());

/** 300 legs of two kinds at three sites; every batch changes a third of them, removes some and dates them anew. */
function sketchBatch(batch: number): VerdictSketch[] {
  return Array.from({ length: 300 }, (_, index) => index)
    .filter((index) => batch === 1 || index % 3 === batch % 3)
    .map((index) => ({
      id: `45${String(index % 150).padStart(4, "0")}/10`,
      leg: index < 150 ? "receipt" : "payment",
      batch,
      verdict: HISTORY[(index + batch) % HISTORY.length] ?? "OPEN",
      minute: (index * 7 + batch * 61) % (24 * 60),
      site: ["north", "south", "it's"][index % 3] ?? "",
      criticality: index % 5 === 0 ? "critical" : "standard",
      supplier: index % 4 === 0 ? "ACME" : "",
      removed: batch > 3 && index % 17 === 0,
      evaluatedMinute: batch * 100,
    }));
}

const alive = () => [...current.values()].filter((row) => row.is_removed === 0);
const parse = (body: unknown) => legPage.parse(body);
const keyOf = (leg: Leg) => [leg.flow, leg.leg, leg.instance.type, leg.instance.id, leg.occurrence].join("|");
const read = (path: string, key?: string) => readPages({ tower, path, parse, ...(key !== undefined && { key }) });

function expectSame(legs: readonly Leg[], rows: readonly ReturnType<typeof toVerdict>[]) {
  expect(legs.map((leg) => `${keyOf(leg)} ${leg.verdict}`).toSorted()).toEqual(
    rows.map((row) => `${toLegKey(row)} ${row.verdict}`).toSorted(),
  );
}

test("lists the current verdict of every leg once, the newest first", async () => {
  const legs = await read("/legs?limit=37");
  expectSame(legs, alive());
  const dates = legs.map((leg) => current.get(keyOf(leg))?.dated_at ?? "");
  expect(dates).toEqual(dates.toSorted().toReversed());
});

test("lists the oldest first when asked", async () => {
  const dates = (await read("/legs?limit=50&order=oldest")).map((leg) => current.get(keyOf(leg))?.dated_at ?? "");
  expect(dates).toEqual(dates.toSorted());
  expect(dates).toHaveLength(alive().length);
});

test("lists exactly what any filter lets through", async () => {
  const some = <Item>(items: readonly Item[]) => fc.uniqueArray(fc.constantFrom(...items), { maxLength: 2 });
  const filters = fc.record({
    verdict: some(HISTORY),
    site: some(["north", "south", "it's", "nowhere"]),
    leg: some(["receipt", "payment"]),
    criticality: some(["critical", "standard"]),
    supplier: some(["ACME", "nobody"]),
    q: fc.constantFrom(undefined, "450", "01/1", "%", "'"),
    bounds: fc.option(fc.tuple(fc.nat(1440), fc.nat(1440)).filter(([a, b]) => a < b)),
    limit: fc.constantFrom(1000, 11),
    order: fc.constantFrom("newest", "oldest"),
  });
  const property = fc.asyncProperty(filters, async ({ bounds, q, limit, order, ...lists }) => {
    const search = new URLSearchParams({ limit: String(limit), order });
    for (const [name, values] of Object.entries(lists)) for (const value of values) search.append(name, value);
    if (q !== undefined) search.set("q", q);
    if (bounds) {
      search.set("from", at(bounds[0]));
      search.set("to", at(bounds[1]));
    }
    const isIn = (values: readonly string[], value: string) => values.length === 0 || values.includes(value);
    const wanted = alive().filter(
      (row) =>
        isIn(lists.verdict, row.verdict) &&
        isIn(lists.site, row.site) &&
        isIn(lists.leg, row.leg) &&
        isIn(lists.criticality, row.criticality) &&
        isIn(lists.supplier, row.supplier) &&
        (q === undefined || row.instance_id.includes(q)) &&
        (!bounds || (row.dated_at >= at(bounds[0]) && row.dated_at < at(bounds[1]))),
    );
    expectSame(await read(`/legs?${search.toString()}`), wanted);
  });
  await fc.assert(property, { numRuns: 25 });
});

test("lists late legs as breaches", async () => {
  const late = alive().filter(({ verdict }) => verdict === "BREACHED" || verdict === "OVERDUE_PROVISIONAL");
  expectSame(await read("/breaches"), late);
  expect(late.length).toBeGreaterThan(10);
});

test("lists the verdicts as they stood at an earlier time", async () => {
  const then = new Map<string, ReturnType<typeof toVerdict>>();
  for (const batch of [1, 2]) for (const row of sketchBatch(batch).map(toVerdict)) then.set(toLegKey(row), row);
  expectSame(await read(`/legs?limit=100&asOf=${at(299)}`), [...then.values()]);
});

test("measures what still runs up to the time that is asked of", async () => {
  const [leg] = await read(`/legs?verdict=OPEN&limit=1000`);
  expect(leg).toMatchObject({ endedAt: null, budgetMs: 4 * 3_600_000 });
  expect(leg?.elapsedMs).toBe(Date.parse(at(24 * 60)) - Date.parse(leg?.startedAt ?? ""));
});

test("counts in the overview what each of its links lists", async () => {
  const page = overview.parse(await tower.get(`/overview?from=${at(0)}&to=${at(24 * 60)}`));
  const figures = [
    ...Object.values(page.counts),
    ...page.flows.flatMap((flow) => [
      ...Object.values(flow.counts),
      ...flow.legs.flatMap((leg) => Object.values(leg.counts)),
    ]),
    ...Object.values(page.standing),
  ];
  for (const { value, href } of figures) expect([href, (await read(href)).length]).toEqual([href, value]);
  expect(page.counts.total.value).toBe(alive().length);
  const { total, ...columns } = page.counts;
  expect(Object.values(columns).reduce((sum, { value }) => sum + value, 0)).toBe(total.value);
  const [flow] = page.flows;
  expect(flow?.compliance.n).toBe((await read(flow?.compliance.href ?? "")).length);
});

test("counts the same by flow and hour", async () => {
  const range = `from=${at(0)}&to=${at(24 * 60)}`;
  const flows = flowList.parse(await tower.get(`/flows?${range}&site=it%27s`));
  expect(flows.items[0]?.counts.total.value).toBe(alive().filter(({ site }) => site === "it's").length);
  const detail: unknown = await tower.get(`/flows/order?${range}`);
  expect(detail).toMatchObject({ definition: { id: "order" }, ruleVersion: "v1", isTruncated: false });
});

test("shows a scoped key the legs of its sites and nothing else", async () => {
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const own = alive().filter(({ site }) => site === "south");
  expectSame(await read("/legs?limit=20", key), own);
  expectSame(await read("/legs?site=north", key), []);
  const page = overview.parse(await tower.get(`/overview?from=${at(0)}&to=${at(24 * 60)}`, key));
  expect(page.counts.total.value).toBe(own.length);
  const csv = await (await tower.request("/legs?format=csv", { key })).text();
  expect(csv.trim().split("\r\n")).toHaveLength(own.length + 1);
  const nothing = await tower.createKey({ scope: { sites: ["south"], domains: ["pharmacy"] } });
  expectSame(await read("/legs", nothing), []);
});

test("does not show a leg to the site that it has left", async () => {
  await appendVerdicts(tower, current, [{ id: "moved", batch: 6, verdict: "OPEN", minute: 5, site: "south" }]);
  await appendVerdicts(tower, current, [{ id: "moved", batch: 7, verdict: "OPEN", minute: 5, site: "north" }]);
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  expect(await read("/legs?instanceId=moved", key)).toEqual([]);
  expect(await read("/legs?instanceId=moved")).toMatchObject([{ site: "north" }]);
});

test("keeps its pages whole while verdicts change between them", async () => {
  const before = alive();
  let batch = 100;
  const legs = await readPages({
    tower,
    path: "/legs?limit=23",
    parse,
    between: async (page) => {
      const changed = before.filter((_, index) => index % 11 === page % 11);
      await appendVerdicts(
        tower,
        current,
        changed.map((row, index) => ({
          id: row.instance_id,
          leg: row.leg,
          batch: ++batch,
          verdict: "MET",
          minute: (index * 37 + page * 101) % (24 * 60),
          site: row.site,
          criticality: row.criticality,
        })),
      );
    },
  });
  expectSame(legs, before);
});

test("refuses a cursor of another list, and one that is none", async () => {
  const { nextCursor } = parse(await tower.get("/legs?limit=1"));
  for (const path of [`/legs?limit=1&site=north&cursor=${nextCursor}`, "/legs?cursor=e30", "/legs?cursor=%00"]) {
    const response = await tower.request(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_request", errors: [{ path: "/query/cursor" }] });
  }
});
