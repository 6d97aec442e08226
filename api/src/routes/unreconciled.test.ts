import { afterAll, beforeAll, expect, test } from "vitest";
import { openItemPage, statement } from "../contract/reconciliation.ts";
import type { Fact } from "../projections/fact.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.parse("2026-04-03T12:00:00Z");
const PACK = { ...TEST_PACK, reconciliations: RULES };
/** So many minutes after three in the morning. */
const at = (minute: number) => NOW - 9 * HOUR_MS + minute * 60_000;
const received = (id: string, time: number): Fact =>
  toReceiptFact({ id: `r${id}`, line: id, time, arrivedAt: time, quantity: "100" });
const posted = (id: string, time: number): Fact => ({
  ...received(id, time),
  id: `p${id}`,
  type: "erp.goods_receipt.posted",
});

let tower: Awaited<ReturnType<typeof startTower>>;

beforeAll(async () => {
  tower = await startTower({ pack: PACK, now: () => NOW });
  const first = [received("1/1", at(0)), received("1/2", at(1)), posted("1/2", at(1)), received("1/3", at(2))];
  const next = await storeBatch(tower.writer, first, { log: "log", batch: 1, first: 1, committedAt: at(2) });
  await project(openReconciler);
  // Comes after what was reconciled, and says what the first of these waits for.
  const later = [posted("1/1", at(5)), received("1/4", at(480)), posted("1/4", at(481))];
  await storeBatch(tower.writer, later, { log: "log", batch: 2, first: next, committedAt: NOW });
  await project(openProjector);
}, 60_000);
afterAll(() => tower.close());

async function project(open: typeof openProjector | typeof openReconciler) {
  const projector = await open({ connection: tower.engine.connection, pack: PACK, now: () => NOW });
  while (await projector.advance());
  await projector.close();
}

async function listClasses() {
  const { items } = openItemPage.parse(await tower.get("/reconciliations/receipts/items"));
  return items.map((item) => `${item.key[0]} ${item.class}`).toSorted();
}

test("nothing is a break for want of what has come and waits to be reconciled", async () => {
  expect(await listClasses()).toEqual(["1/1 UNKNOWN", "1/3 UNKNOWN"]);
  await project(openReconciler);
  expect(await listClasses()).toEqual(["1/3 BREAK"]);
  const { units } = statement.parse(await tower.get("/reconciliations/receipts/statement"));
  expect(units.map(({ unit, count, byClass }) => [unit, count, byClass[0]?.class])).toEqual([["EA", 1, "BREAK"]]);
});
