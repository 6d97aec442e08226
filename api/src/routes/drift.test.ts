import { afterAll, beforeAll, expect, test } from "vitest";
import { driftSeries } from "../contract/drift.ts";
import { statement } from "../contract/reconciliation.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const DAY = 86_400_000;
const HOUR = DAY / 24;
const NOW = Date.parse("2026-04-03T12:00:00Z");
const START = NOW - 60 * DAY;
const SWITCHED = NOW - 20 * DAY;

type Given = Parameters<typeof toReceiptFact>[0];
const received = (line: string, time: number, more: Partial<Given> = {}) =>
  toReceiptFact({ id: `r${line}`, line, time, arrivedAt: time, quantity: "10", ...more });

/** Each day ten receipts come and are posted within hours; from one day on two of them in ten are not. */
const FACTS = Array.from({ length: 59 }, (_, day) => START + day * DAY).flatMap((dawn, day) =>
  Array.from({ length: 10 }, (__, index) => {
    const line = `${day}/${index}`;
    const at = dawn + index * HOUR + 7 * 60_000;
    const isLost = at >= SWITCHED && at < SWITCHED + 2 * DAY && index < 8;
    const version = at >= SWITCHED ? "2" : "1";
    const receipt = received(line, at, {
      site: day % 2 === 0 ? "north" : "harbor",
      attributes: { schema_version: version },
    });
    const posting = { id: `p${line}`, type: "erp.goods_receipt.posted" };
    return isLost ? [receipt] : [receipt, { ...receipt, ...posting, time: at + (1 + (index % 3)) * HOUR }];
  }).flat(),
);

let tower: Awaited<ReturnType<typeof startTower>>;

beforeAll(async () => {
  const [receipts, ...others] = RULES.reconciliations;
  if (!receipts) throw new Error("no rule");
  const limited = { ...receipts, materiality: { item: "zero", account: "100" } };
  const pack = { ...TEST_PACK, reconciliations: { ...RULES, reconciliations: [limited, ...others] } };
  tower = await startTower({ pack, now: () => NOW });
  await storeBatch(tower.writer, FACTS, { log: "log", batch: 1, first: 1 });
  const options = { connection: tower.engine.connection, pack, now: () => NOW };
  for (const projector of [await openProjector(options), await openReconciler(options)]) {
    while (await projector.advance());
    await projector.close();
  }
  const outage = { from: SWITCHED - 2 * HOUR, until: SWITCHED - HOUR };
  await tower.insert("blind_intervals", [
    {
      source: "erp",
      silent_since: outage.from,
      batch: 1,
      blind_from: outage.from,
      blind_until: outage.until,
      known_at: outage.from,
    },
  ]);
}, 120_000);
afterAll(() => tower.close());

const read = async (query: string, key?: string) =>
  driftSeries.parse(await tower.get(`/reconciliations/receipts/drift?${query}`, key));

test("gives the series of each day, which the statements of its ends agree with", { timeout: 60_000 }, async () => {
  const { units, zone, by } = await read("unit=EA");
  expect([zone, by, units.length]).toEqual(["America/Chicago", "day", 1]);
  const points = units[0]?.points ?? [];
  expect(points.length).toBeGreaterThan(88);
  for (const point of points.filter((_, index) => index % 9 === 0 && index < points.length - 1)) {
    const query = `from=2026-01-01T00:00:00Z&to=${point.at}`;
    const [unit] = statement.parse(await tower.get(`/reconciliations/receipts/statement?${query}`)).units;
    const { count = 0, gross = "0", net = "0" } = unit ?? {};
    expect([point.at, point.count, point.gross, point.net]).toEqual([point.at, count, gross, net]);
  }
});

test("marks where the level changed, with what changed around it", async () => {
  const [unit] = (await read("unit=EA")).units;
  expect(unit?.changePoints).toHaveLength(1);
  const [point] = unit?.changePoints ?? [];
  expect(Math.abs(Date.parse(point?.at ?? "") - SWITCHED)).toBeLessThan(2 * DAY);
  expect([Number(point?.before) < 40, Number(point?.after)]).toEqual([true, 160]);
  const kinds = point?.changed.map(({ kind, title }) => `${kind}: ${title}`);
  expect(kinds).toContain("outage: erp was silent");
  expect(kinds).toContain("schema_version: erp sends receiving.goods_receipt.recorded in version 2");
});

test("finds the gross that is over the limit of the account", async () => {
  const { findings } = await read("unit=EA");
  expect(findings).toMatchObject([{ kind: "gross_over_limit", unit: "EA", limit: "100" }]);
  expect(Number(findings[0]?.gross)).toBeGreaterThan(100);
  expect((await read("unit=USD")).findings).toEqual([]);
});

test("shows hours, and each reader their own sites", { timeout: 60_000 }, async () => {
  const hours = await read("by=hour&from=2026-03-20T00:00:00Z&to=2026-03-21T00:00:00Z");
  expect(hours.units[0]?.points).toHaveLength(24);
  const [north, harbor] = await Promise.all(
    ["north", "harbor"].map(async (site) => {
      const key = await tower.createKey({ scope: { sites: [site], domains: "*" } });
      return (await read("", key)).units[0]?.points ?? [];
    }),
  );
  const all = (await read("")).units[0]?.points ?? [];
  expect(all.map(({ count }) => count)).toEqual(
    all.map((_, index) => (north?.[index]?.count ?? 0) + (harbor?.[index]?.count ?? 0)),
  );
});

test.each([
  ["/reconciliations/none/drift", 404],
  ["/reconciliations/receipts/drift?company=none", 404],
  ["/reconciliations/receipts/drift?by=hour&from=2025-01-01T00:00:00Z", 400],
  ["/reconciliations/receipts/drift?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", 400],
  ["/reconciliations/receipts/drift?by=week", 400],
])("refuses %s", async (path, status) => {
  expect((await tower.request(path)).status).toBe(status);
});
