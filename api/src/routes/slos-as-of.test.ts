import type { Verdict } from "@throughline/schemas/leg";
import { slo } from "@throughline/schemas/pack/slo";
import { afterAll, beforeAll, expect, test } from "vitest";
import { legPage } from "../contract/leg.ts";
import { sloDetail, sloPage } from "../contract/slo.ts";
import { appendVerdicts, at, readPages, type VerdictSketch } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const NOON = 12 * 60;
const RECEIPTS = slo.parse({
  id: "receipts",
  title: "Receipts",
  flow: "order",
  legs: ["receipt"],
  response: "Call.",
  objective: 90,
  minimum: 10,
  window: { days: 2 },
});

let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(at(NOON)), pack: { ...TEST_PACK, slos: [RECEIPTS] } });
  await tower.writer.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
  const place = { source: "erp", site: "", domain: "" };
  const times = { first_event_at: at(0), last_event_at: at(1), last_arrived_at: at(1) };
  const types = ["erp.goods_receipt.posted"];
  await tower.insert("source_states", [{ ...place, ...times, last_sequence: -1, is_complete: 1, types }]);
  await tower.insert("source_history", [
    { ...place, ...times, until: at(NOON - 60), last_sequence: -1, is_complete: 1 },
  ]);
  await tower.insert("source_types", [{ ...place, type: types[0], since_batch: 1, known_at: at(1) }]);
});

afterAll(() => tower.close());

function legs(verdict: Verdict, ids: readonly number[], more: Pick<VerdictSketch, "minute" | "evaluatedMinute">) {
  return ids.map((id) => ({ id: `leg-${id}`, verdict, ...more }));
}

const LATE = [17, 18, 19];
const MET = Array.from({ length: 17 }, (_, index) => index);

async function tell() {
  const current = new Map();
  const first = [
    ...legs("MET", MET, { minute: NOON - 14, evaluatedMinute: NOON - 12 }),
    ...legs("BREACHED", LATE, { minute: NOON - 14, evaluatedMinute: NOON - 12 }),
  ];
  const proven = legs("MET", LATE, { minute: NOON - 15, evaluatedMinute: NOON - 1 });
  await appendVerdicts(
    tower,
    current,
    first.map((sketch) => ({ ...sketch, batch: 1 })),
  );
  await appendVerdicts(
    tower,
    current,
    proven.map((sketch) => ({ ...sketch, batch: 2 })),
  );
}

const countRows = async (href: string) =>
  (await readPages({ tower, path: href, parse: (body) => legPage.parse(body) })).length;

test("tells of an earlier moment what it knew of compliance, budget and burn then, whatever was proven later", async () => {
  await tell();
  const readAt = async (minute: number) => sloDetail.parse(await tower.get(`/slos/receipts?asOf=${at(minute)}`));
  const before = (await readAt(NOON - 13)).slo;
  expect(before).toMatchObject({ state: "few", compliance: { n: 0 }, settledTo: at(NOON - 13) });
  const { slo: then, series, spenders } = await readAt(NOON - 1.5);
  expect(then).toMatchObject({ compliance: { share: 0.85, n: 20 }, budget: { left: -0.5, spent: { value: 3 } } });
  expect(then.rules[0]?.long).toMatchObject({ good: { value: 17 }, bad: { value: 3 }, burn: 1.5 });
  expect(series).toMatchObject({ from: at(NOON - 24 * 60 - 10), to: at(NOON - 10) });
  expect(series.points.at(-1)?.burns).toEqual([1.5, 1.5, 1.5, 1.5]);
  expect(spenders.leg).toMatchObject([{ value: "receipt", spent: { value: 3 } }]);
  const { slo: now } = sloDetail.parse(await tower.get("/slos/receipts"));
  expect(now).toMatchObject({ state: "within", budget: { left: 1, spent: { value: 0 } }, compliance: { n: 20 } });
  expect(await countRows(then.budget.spent.href)).toBe(3);
  expect(await countRows(then.rules[0]?.long.good.href ?? "")).toBe(17);
  expect(await countRows(then.compliance.href)).toBe(20);
  expect(then.href).toContain("asOf=");
  const spent = sloPage.parse(await tower.get(`/slos?state=ticket&state=spent&asOf=${at(NOON - 1.5)}`));
  expect(spent.items).toEqual([then]);
});

test("tells a scoped key only of what lay in its scope then", async () => {
  const south = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const north = await tower.createKey({ scope: { sites: ["north"], domains: "*" } });
  const [none, all] = await Promise.all(
    [south, north].map((key) => tower.get(`/slos/receipts?asOf=${at(NOON - 1.5)}`, key)),
  );
  expect(sloDetail.parse(none).slo.rules[0]?.long).toMatchObject({ good: { value: 0 }, bad: { value: 0 } });
  expect(sloDetail.parse(all).slo.rules[0]?.long).toMatchObject({ good: { value: 17 }, bad: { value: 3 } });
});
