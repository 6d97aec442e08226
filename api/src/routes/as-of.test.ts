import { type Verdict, VERDICTS } from "@throughline/schemas/leg";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowDetail, flowList } from "../contract/flow.ts";
import { legProfile } from "../contract/flow-durations.ts";
import { type Leg, legPage } from "../contract/leg.ts";
import { appendVerdicts, at, readPages, toLegKey, toVerdict, type VerdictSketch } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const DAY = 24 * 60;
const RANGE = `from=${at(0)}&to=${at(DAY)}`;
let tower: Tower;
let histories = 0;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(DAY)) });
});

afterAll(() => tower.close());

/** Twelve legs whose verdicts change batch by batch: new times, other sites, gone and come back. */
const histories$ = fc.array(
  fc.uniqueArray(
    fc.record({
      leg: fc.nat(11),
      verdict: fc.constantFrom(...VERDICTS),
      minute: fc.nat(DAY + 300),
      site: fc.constantFrom("north", "south"),
      removed: fc.boolean(),
    }),
    { selector: ({ leg }) => leg, minLength: 1, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 6 },
);

test("counts at every moment what the tower knew then, and each count is the length of its list", async () => {
  const property = fc.asyncProperty(histories$, fc.nat(700), async (batches, moment) => {
    const flow = `f${histories++}`;
    const rows = await store(flow, batches);
    const then = new Map<string, (typeof rows)[number]>();
    for (const row of rows) if (row.evaluated_at <= at(moment)) then.set(toLegKey(row), row);
    const known = [...then.values()].filter((row) => row.is_removed === 0 && isIn(row));
    const list = flowList.parse(await tower.get(`/flows?${RANGE}&asOf=${at(moment)}`));
    const counts = list.items.find(({ id }) => id === flow)?.counts;
    const { total, ...columns } = counts ?? { total: { value: 0, href: "" } };
    expect(total.value).toBe(known.length);
    expect(Object.values(columns).reduce((sum, { value }) => sum + value, 0)).toBe(known.length);
    for (const verdict of VERDICTS) {
      const listed = await read(`/legs?limit=5&flow=${flow}&verdict=${verdict}&${RANGE}&asOf=${at(moment)}`);
      expect([verdict, listed.length]).toEqual([verdict, known.filter((row) => row.verdict === verdict).length]);
    }
  });
  await fc.assert(property, { numRuns: 12 });
});

test("counts hour by hour and leg by leg what it counts in all", async () => {
  await store("order", [
    Array.from({ length: 12 }, (_, leg) => sketch(leg, leg * 100)),
    Array.from({ length: 6 }, (_, leg) => ({ ...sketch(leg, 1000), verdict: "BREACHED" as const })),
  ]);
  const early = flowDetail.parse(await tower.get(`/flows/order?${RANGE}&asOf=${at(150)}`));
  expect(early.summary.counts).toMatchObject({ total: { value: 12 }, open: { value: 12 }, breached: { value: 0 } });
  expect(early.hours.reduce((sum, { open }) => sum + open, 0)).toBe(12);
  expect(early.hours.length).toBeGreaterThan(5);
  const late = flowDetail.parse(await tower.get(`/flows/order?${RANGE}&asOf=${at(250)}`));
  expect(late.summary.counts).toMatchObject({ total: { value: 12 }, open: { value: 6 }, breached: { value: 6 } });
  expect((await read(late.summary.counts.breached.href)).length).toBe(6);
  expect(late.summary.href).toContain("asOf=");
});

test("puts the suppliers with the most late legs first, now and as of a moment", async () => {
  const legs = (supplier: string, verdicts: readonly Verdict[]) =>
    verdicts.map((verdict, index) => ({ ...sketch(index, 600), verdict, supplier, key: `${supplier}-${index}` }));
  const first = [...legs("fast", ["MET", "MET"]), ...legs("slow", ["BREACHED", "OPEN"]), ...legs("", ["BREACHED"])];
  await store("order", [first, [{ ...sketch(1, 600), verdict: "MET", supplier: "slow", key: "slow-1" }]], "suppliers");
  const ask = async (moment: string) => {
    const path = `/flows/order/legs/receipt?${RANGE}&domain=suppliers${moment}`;
    const { suppliers } = legProfile.parse(await tower.get(path));
    return suppliers.map(({ supplier, counts, compliance }) => [supplier, counts.total.value, compliance.met]);
  };
  expect(await ask("")).toEqual([
    ["slow", 2, 1],
    ["fast", 2, 2],
  ]);
  expect(await ask(`&asOf=${at(150)}`)).toEqual([
    ["slow", 2, 0],
    ["fast", 2, 2],
  ]);
});

test("ends the last 24 hours at the moment that is asked of", async () => {
  const list = flowList.parse(await tower.get(`/flows?asOf=${at(DAY / 2)}`));
  expect(list.range).toEqual({ from: at(-DAY / 2), to: at(DAY / 2) });
});

test("counts for a scoped key what lay in its scope at that moment", async () => {
  await store("moving", [[{ ...sketch(1, 10), site: "south" }], [{ ...sketch(1, 10), site: "north" }]]);
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const none = await tower.createKey({ scope: { sites: [], domains: "*" } });
  const count = async (moment: number, who: string) => {
    const { items } = flowList.parse(await tower.get(`/flows?${RANGE}&asOf=${at(moment)}`, who));
    return items.find(({ id }) => id === "moving")?.counts.total.value ?? 0;
  };
  expect([await count(150, key), await count(250, key), await count(150, none)]).toEqual([1, 0, 0]);
});

function sketch(leg: number, minute: number) {
  return { leg, minute, verdict: "OPEN" as const, site: "north", removed: false };
}

type LegSketch = Pick<VerdictSketch, "verdict" | "minute" | "removed" | "supplier"> & {
  leg: number;
  key?: string;
  site: string;
};

async function store(flow: string, batches: readonly (readonly LegSketch[])[], domain = "procurement") {
  const sketches = batches.map((rows, index) =>
    rows.map(({ leg, key, ...row }) => ({
      ...row,
      id: `${flow}-${key ?? leg}`,
      flow,
      domain,
      batch: (histories + 1) * 10 + index,
      evaluatedMinute: (index + 1) * 100,
    })),
  );
  histories++;
  const current = new Map<string, ReturnType<typeof toVerdict>>();
  for (const batch of sketches) await appendVerdicts(tower, current, batch);
  return sketches.flat().map(toVerdict);
}

function isIn(row: { dated_at: string }): boolean {
  return row.dated_at >= at(0) && row.dated_at < at(DAY);
}

function read(path: string): Promise<Leg[]> {
  return readPages({ tower, path, parse: (body) => legPage.parse(body) });
}
