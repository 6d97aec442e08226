import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpoint } from "../contract/checkpoint.ts";
import { outcomeCasePage, outcomes } from "../contract/outcome.ts";
import type { Fact } from "../projections/fact.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const NOW = Date.parse("2026-04-03T12:00:00Z");
const PATH = "/reconciliations/money/checkpoints";
const pack = { ...TEST_PACK, reconciliations: RULES };

const posted = (line: string, amount: string, more: Partial<Fact> = {}) => {
  const time = Date.parse("2026-03-20T10:00:00Z");
  const measures = { quantity: { value: "100", unit: "EA" }, amount: { value: amount, currency: "USD" } };
  return toReceiptFact({
    id: `p${line}`,
    line,
    time,
    arrivedAt: time,
    type: "erp.goods_receipt.posted",
    measures,
    ...more,
  });
};
const FACTS = [posted("1/1", "1000.00"), posted("1/2", "1000.00")];
const LATE = [posted("1/2", "900.00", { revision: 1, digest: "bb".repeat(32) })];

let tower: Awaited<ReturnType<typeof startTower>>;
let next = 1;

beforeAll(async () => {
  tower = await startTower({ pack, now: () => NOW });
  await store(FACTS, 1);
}, 60_000);
afterAll(() => tower.close());

async function store(facts: readonly Fact[], batch: number) {
  next = await storeBatch(tower.writer, facts, { log: "log", batch, first: next });
  const options = { connection: tower.engine.connection, pack, now: () => NOW };
  for (const projector of [await openProjector(options), await openReconciler(options)]) {
    while (await projector.advance());
    await projector.close();
  }
}

async function post(path: string, body: object) {
  const headers = { "content-type": "application/json" };
  const response = await tower.request(path, { method: "POST", body: JSON.stringify(body), headers });
  return checkpoint.parse(await response.json());
}

async function listCloseItems(query = "") {
  const { items } = outcomes.parse(await tower.get(`/outcomes?${query}`));
  return items.filter(({ outcome }) => outcome === "close-accuracy");
}

test("cannot be measured before a period is locked, nor as of an earlier moment", async () => {
  const before = await listCloseItems();
  expect(before.map(({ id, measure }) => [id, measure])).toEqual([
    ["close-accuracy", null],
    ["days-to-lock", null],
  ]);
  expect(before[0]?.because).toMatch(/no period .* has been locked/);
  const [then] = await listCloseItems("asOf=2026-04-02T00:00:00Z");
  expect(then?.because).toMatch(/as of now/);
});

test("states what later facts changed of a locked period, by currency, down to the lock", async () => {
  const made = await post(PATH, { on: "2026-03-15" });
  await post(`${PATH}/${made.id}/lock`, { reason: "March is done." });
  const clean = await listCloseItems();
  expect(clean.map(({ id, measure }) => [id, measure?.value])).toEqual([
    ["close-accuracy-usd", "1"],
    ["days-to-lock", String(NOW - Date.parse("2026-04-01T05:00:00Z"))],
  ]);
  await store(LATE, 2);
  const [dollars] = await listCloseItems();
  expect(dollars?.measure).toEqual({
    n: 1,
    declared: null,
    numerator: "1900",
    denominator: "2000",
    value: "0.95",
    p90: null,
  });
  const { items } = outcomeCasePage.parse(await tower.get(dollars?.rowsHref ?? ""));
  expect(items).toMatchObject([{ value: "1900", whole: "2000", object: { id: "money" } }]);
  expect((await tower.request(items[0]?.href ?? "")).status).toBe(200);
});
