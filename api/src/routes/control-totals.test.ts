import { afterAll, beforeAll, expect, test } from "vitest";
import { controlDifferences, controlTotals } from "../contract/control-totals.ts";
import type { Fact } from "../projections/fact.ts";
import { RECEIPTS, RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const DAY = Date.parse("2026-03-10T00:00:00Z");
const BULK_DAY = Date.parse("2026-03-20T00:00:00Z");
const WINDOW = "from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z";
const BULK_WINDOW = "from=2026-03-20T00:00:00Z&to=2026-03-21T00:00:00Z";
/** Receipts that were recorded and posted on one day; with 500,000 a million events. */
const BULK = Number(process.env["THROUGHLINE_CONTROL_KEYS"] ?? 40_000);
const LOST = [77, Math.floor(BULK / 3), BULK - 1];
const POSTED = "erp.goods_receipt.posted";

const listed = {
  ...RECEIPTS,
  id: "listed",
  a: {
    ...RECEIPTS.a,
    reversals: [],
    events: [{ type: POSTED, sign: "plus" as const, where: { "attributes.channel": ["file"] } }],
  },
  b: {
    ...RECEIPTS.b,
    reversals: [],
    events: [{ type: POSTED, sign: "plus" as const, where: { "attributes.channel": ["feed", true, 7] } }],
  },
  key: ["object.purchase_order_line", "attributes.line", "site"],
};
const levels = { ...RECEIPTS, id: "levels", b: { ...RECEIPTS.b, isLevel: true } };
const pack = {
  ...TEST_PACK,
  reconciliations: { ...RULES, reconciliations: [...RULES.reconciliations, listed, levels] },
};

type Given = Partial<Parameters<typeof toReceiptFact>[0]>;
let minute = 0;
const at = (id: string, line: string, more: Given = {}) => {
  minute += 1;
  return toReceiptFact({ id, line, time: DAY + minute * 60_000, quantity: "10", ...more });
};
const posted = (id: string, line: string, more: Given = {}) => at(id, line, { type: POSTED, domain: "erp", ...more });

const agreed = at("r1", "1");
const FACTS: Fact[] = [
  agreed,
  // The same again: a duplicate has no effect.
  agreed,
  posted("p1", "1"),
  // One against two.
  at("r2", "2", { quantity: "30" }),
  posted("p2a", "2", { quantity: "12.5" }),
  posted("p2b", "2", { quantity: "17.5" }),
  // Never posted; posted otherwise; posted without a receipt, at another site.
  at("r3", "3"),
  at("r4", "4"),
  posted("p4", "4", { quantity: "9" }),
  posted("p5", "5", { site: "harbor" }),
  // Corrected later, stated twice with another digest, a test, a failure, and one that was taken back.
  at("r6", "6", { quantity: "99", revision: 0, digest: "bb" }),
  at("r6", "6", { quantity: "6", revision: 1, digest: "cc" }),
  posted("p6", "6", { quantity: "6" }),
  at("r7", "7", { attributes: { usage: "test" } }),
  posted("p8", "8", { outcome: "failed" }),
  posted("p9", "9"),
  at("v9", "9", { type: "erp.goods_receipt.reversed" }),
  // In another unit, and in none.
  at("r10", "10", { measures: { quantity: { value: "1", unit: "CS" } } }),
  at("r11", "11", { quantity: undefined }),
  // Outside of the window.
  toReceiptFact({ id: "r12", line: "12", time: DAY - 1, quantity: "5" }),
  // Of a file and a feed, by attributes.
  posted("f1", "20", { attributes: { channel: "file", line: "a" } }),
  posted("g1", "20", { attributes: { channel: true, line: "a" } }),
  posted("f2", "20", { attributes: { channel: "file", line: 3 } }),
];

let tower: Awaited<ReturnType<typeof startTower>>;

beforeAll(async () => {
  tower = await startTower({ pack, now: () => BULK_DAY + 2 * 86_400_000 });
  await storeBatch(tower.writer, FACTS, { log: "log", batch: 1, first: 1 });
  for (const [log, type, skipped] of [
    ["recorded", "receiving.goods_receipt.recorded", []],
    ["posted", POSTED, LOST],
  ] as const)
    await tower.writer.command({
      query: `INSERT INTO events (log, position, arrived_at, source, id, digest, type, domain, time, site, object_types, object_ids,
          measure_names, measure_values, measure_units, measure_currencies, attributes, sequence)
        SELECT '${log}', number + 1, at, '/${log}', concat('${log}-', toString(number)), toFixedString('0', 16), '${type}', 'erp',
          toDateTime64(${BULK_DAY / 1000} + number % 86000, 3, 'UTC') AS at, 'north', ['purchase_order_line'],
          [concat('line-', toString(number))], ['quantity'], [toString(number % 50 + 1)], ['EA'], [''], '{}', -1
        FROM numbers(${BULK}) WHERE number NOT IN (${[...skipped, BULK].join()}) SETTINGS max_insert_block_size = 1000000`,
    });
}, 240_000);
afterAll(() => tower.close());

const readTotals = async (id: string, query = WINDOW, key?: string) =>
  controlTotals.parse(await tower.get(`/reconciliations/${id}/control-totals?${query}`, key));
const readDifferences = async (href: string) => {
  const { items, isWhole } = controlDifferences.parse(await tower.get(href));
  return { isWhole, items: items.map(({ key, a, b }) => [key.join("/"), a, b]) };
};

test("counts what each side stated in a window, each unit by itself, whatever came twice", async () => {
  const { units } = await readTotals("receipts");
  expect(units.map(({ unit, a, b, isSame }) => [unit, a.keys, a.sum, b.keys, b.sum, isSame])).toEqual([
    ["", 1, "0", 0, "0", false],
    ["CS", 1, "1", 0, "0", false],
    // 1: 10, 2: 30, 3: 10, 4: 10, 6: 6; on the other side 5 and thrice 20 too, and what was taken back nets out.
    ["EA", 5, "66", 6, "95", false],
  ]);
});

test("finds the keys that differ, and no other", async () => {
  const { units } = await readTotals("receipts");
  const found = await readDifferences(units.find(({ unit }) => unit === "EA")?.differencesHref ?? "");
  expect(found).toEqual({
    isWhole: true,
    items: [
      ["20", null, "30"],
      ["3", "10", null],
      ["4", "10", "9"],
      ["5", null, "10"],
    ],
  });
});

test("reads keys and conditions from attributes, and narrows to the reader's sites", async () => {
  const { units } = await readTotals("listed");
  expect(await readDifferences(units[0]?.differencesHref ?? "")).toEqual({
    isWhole: true,
    items: [["20/3/north", "10", null]],
  });
  const harbor = await tower.createKey({ scope: { sites: ["harbor"], domains: "*" } });
  const own = await readTotals("receipts", WINDOW, harbor);
  expect(own.units.map(({ unit, a, b }) => [unit, a.keys, b.keys])).toEqual([["EA", 0, 1]]);
  const erp = await tower.createKey({ scope: { sites: "*", domains: ["erp"] } });
  expect((await readTotals("receipts", WINDOW, erp)).units.length).toBe(3);
  const pharmacy = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
  const path = `/reconciliations/receipts/control-totals?${WINDOW}`;
  expect((await tower.request(path, { key: pharmacy })).status).toBe(404);
});

test("divides many events down to the few that were lost", { timeout: 120_000 }, async () => {
  const { units } = await readTotals("receipts", BULK_WINDOW);
  expect(units.map(({ a, b }) => [a.keys, b.keys])).toEqual([[BULK, BULK - LOST.length]]);
  const { items, isWhole } = await readDifferences(units[0]?.differencesHref ?? "");
  expect(isWhole).toBe(true);
  const lost = new Map(LOST.map((n) => [`line-${n}`, String((n % 50) + 1)]));
  const names = [...lost.keys()].toSorted((x, y) => (x < y ? -1 : 1));
  expect(items).toEqual(names.map((name) => [name, lost.get(name), null]));
});

test.each([
  ["/reconciliations/none/control-totals?" + WINDOW, 404],
  ["/reconciliations/receipts/control-totals", 400],
  ["/reconciliations/receipts/control-totals?from=2026-03-10T00:00:00Z&to=2026-03-10T00:00:00Z", 400],
  ["/reconciliations/receipts/control-totals?from=2026-01-10T00:00:00Z&to=2026-03-10T00:00:00Z", 400],
  ["/reconciliations/levels/control-totals?" + WINDOW, 409],
])("refuses %s", async (path, status) => {
  expect((await tower.request(path)).status).toBe(status);
});
