import { calendar } from "@throughline/schemas/calendar/calendar";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  checkpoint,
  checkpointPage,
  checkpointRowPage,
  lateChangePage,
  reproduction,
  type Checkpoint,
} from "../contract/checkpoint.ts";
import { close, closeAccuracy } from "../contract/close.ts";
import { statement } from "../contract/reconciliation.ts";
import type { Fact } from "../projections/fact.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const NOW = Date.parse("2026-04-03T12:00:00Z");
const at = (text: string) => Date.parse(`2026-${text}:00Z`);
const received = (id: string, time: number, more: Partial<Parameters<typeof toReceiptFact>[0]> = {}) =>
  toReceiptFact({ id: `r${id}`, line: id, time, arrivedAt: time, quantity: "100", ...more });
const posted = (id: string, time: number, more: Partial<Parameters<typeof toReceiptFact>[0]> = {}) =>
  received(id, time, { id: `p${id}`, type: "erp.goods_receipt.posted", ...more });

const HARBOR = {
  id: "harbor",
  title: "Harbor",
  sites: ["harbor"],
  zone: "America/Los_Angeles",
  calendar: undefined,
  closing: undefined,
};
const closing = { workingDays: 6, calendar: "office" };
const reconciliations = RULES.reconciliations.map((rule) =>
  rule.id === "counted" ? { ...rule, owner: "Accounts payable" } : rule,
);
const rules = { ...RULES, reconciliations, books: { ...RULES.books, closing, companies: [HARBOR] } };
const shift = [{ from: "08:00", to: "17:00" }];
const shifts = { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift };
const office = calendar.parse({ id: "office", title: "Office", zone: "America/Chicago", shifts });
const pack = { ...TEST_PACK, reconciliations: rules, calendars: new Map([["office", office]]) };
const worth = { quantity: { value: "100", unit: "EA" }, amount: { value: "1250.00", currency: "USD" } };
const FACTS = [
  received("1/1", at("02-20T10:00")),
  received("1/2", at("03-02T10:00")),
  posted("1/2", at("03-02T10:05")),
  received("1/3", at("03-20T10:00"), { measures: worth }),
  received("1/4", at("03-21T10:00"), { site: "harbor" }),
  // Stated twice with other content, and once more for another line.
  received("1/5", at("03-22T10:00")),
  received("1/5", at("03-22T10:00"), { digest: "bb".repeat(32), quantity: "40" }),
  received("1/6", at("03-23T10:00")),
  received("1/6", at("03-23T10:00"), { revision: 1, line: "1/7", digest: "cc".repeat(32) }),
  received("1/8", at("04-01T04:30")),
  posted("1/8", at("04-01T15:00")),
];
// What comes after the lock: a posting and a receipt of March, a correction, and something of April.
const LATE = [
  posted("1/3", at("03-20T11:00"), { measures: worth }),
  received("1/9", at("03-31T10:00"), { quantity: "7" }),
  received("1/1", at("02-20T10:00"), { revision: 1, digest: "dd".repeat(32), quantity: "90" }),
  received("1/10", at("04-02T10:00")),
];

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

const post = (path: string, body?: object, key?: string) =>
  tower.request(path, {
    method: "POST",
    key,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });

async function make(body: object): Promise<Checkpoint> {
  const response = await post("/reconciliations/receipts/checkpoints", body);
  expect(response.status).toBe(201);
  return checkpoint.parse(await response.json());
}

const getStatement = async (query: string, key?: string) =>
  statement.parse(await tower.get(`/reconciliations/receipts/statement?${query}`, key));
const reproduce = async (id: string) => {
  const response = await post(`/reconciliations/receipts/checkpoints/${id}/reproduce`);
  expect(response.status).toBe(200);
  return reproduction.parse(await response.json());
};

/** The figures, without the links to their rows, which a lock keeps elsewhere. */
const toFigures = (units: Checkpoint["units"]) => units?.map((unit) => ({ ...unit, itemsHref: "", rows: undefined }));

test("locks a period, and reproduces it byte for byte after late data", { timeout: 60_000 }, async () => {
  const live = await getStatement("on=2026-03-15");
  const made = await make({ on: "2026-03-15", key: "close of March" });
  expect(toFigures(made.units)).toEqual(toFigures(live.units));
  expect(made.watermark.logs).toEqual([{ log: "log", position: FACTS.length + 1 }]);
  // Who repeats a request gets what the first one made.
  expect((await make({ on: "2026-03-15", key: "close of March" })).id).toBe(made.id);
  const path = `/reconciliations/receipts/checkpoints/${made.id}`;
  expect((await reproduce(made.id)).rows.stored).toBe(null);
  expect((await post(`${path}/lock`, { reason: "March is done." })).status).toBe(200);
  expect((await post(`${path}/lock`, { reason: "March is done." })).status).toBe(409);

  await store(LATE, 2);
  const again = await reproduce(made.id);
  expect(again).toMatchObject({ isSame: true, differences: [], rows: { stored: made.rows, reproduced: made.rows } });
  const other = await make({ on: "2026-03-15" });
  expect(other.resultDigest).not.toBe(made.resultDigest);
  for (const id of [other.id, (await make({})).id, (await make({ from: "2026-03-02T00:00:00Z" })).id])
    expect((await post(`/reconciliations/receipts/checkpoints/${id}/lock`, { reason: "Not now." })).status).toBe(409);

  const locked = await getStatement("on=2026-03-15");
  expect(toFigures(locked.units)).toEqual(toFigures(live.units));
  expect(locked.lock).toMatchObject({ checkpoint: made.id, reason: "March is done." });
  const [april] = (await getStatement("on=2026-04-15")).units;
  expect(april?.opening).toEqual(locked.units[0]?.closing);
  // 1/3 is cleared, 1/9 came, 1/1 was corrected from 100 to 90.
  expect(april?.adjustments).toMatchObject([{ kind: "after_lock", checkpoint: made.id, count: 0, value: "-103" }]);
  const changes = lateChangePage.parse(await tower.get(april?.adjustments[0]?.href ?? ""));
  expect(changes.items.map(({ key, locked: was, known, gross }) => [key[0], was, known, gross])).toEqual([
    ["1/1", "100", "90", "-10"],
    ["1/3", "100", null, "-100"],
    ["1/9", null, "7", "7"],
  ]);
  const rows = checkpointRowPage.parse(await tower.get(`${path}/rows`));
  expect(rows.items.length).toBe(made.rows);
  expect(rows.items.filter(({ kind }) => kind === "open").length).toBe(locked.units[0]?.count);
});

test("tells how accurate the close was, and how far the next one is", async () => {
  const { items } = checkpointPage.parse(await tower.get("/reconciliations/receipts/checkpoints"));
  const [made, open] = [items.find(({ lock }) => lock !== null), items.find(({ lock }) => lock === null)];
  const path = `/reconciliations/receipts/checkpoints/${made?.id}/accuracy`;
  const accuracy = closeAccuracy.parse(await tower.get(path));
  // In March 100 were posted; 100 more came late. What side a was corrected to is no posting.
  expect(accuracy.units).toEqual([
    { unit: "EA", adjustments: "100", adjusted: 1, postings: "100", posted: 1, accuracy: "0" },
  ]);
  expect(accuracy.daysToLock).toBe(3);
  const unlocked = `/reconciliations/receipts/checkpoints/${open?.id}/accuracy`;
  expect((await tower.request(unlocked)).status).toBe(409);

  const march = close.parse(await tower.get("/close?on=2026-03-15"));
  expect([march.isOver, march.isWhole, march.lock.lockedAt]).toEqual([true, true, null]);
  // Six working days after the 31st of March end on the 8th of April.
  expect([march.lock.dueAt, march.lock.daysLeft]).toEqual(["2026-04-09T04:59:59.999Z", 5]);
  expect(march.reconciliations.map(({ id, lock }) => [id, lock !== null])).toEqual([
    ["receipts", true],
    ["money", false],
    ["counted", false],
  ]);
  const { units } = await getStatement("on=2026-03-15");
  expect(march.reconciliations[0]?.units.map(({ unit, count, gross }) => [unit, count, gross])).toEqual(
    units.map(({ unit, count, gross }) => [unit, count, gross]),
  );
  // What 1/3 was worth when it was locked; since then it was posted.
  expect(march.reconciliations[0]?.worth).toEqual([{ currency: "USD", value: "1250" }]);
  const countOf = (ids: readonly string[]) =>
    march.reconciliations
      .filter(({ id }) => ids.includes(id))
      .flatMap((one) => one.units.map(({ count }) => count))
      .reduce((left, count) => left + count, 0);
  expect(march.owners).toEqual([
    { owner: "Receiving", reconciliations: 2, locked: 1, items: countOf(["receipts", "money"]) },
    { owner: "Accounts payable", reconciliations: 1, locked: 0, items: countOf(["counted"]) },
  ]);
  expect(march.owners.map((owner) => owner.items)).toEqual([14, 6]);
  expect(march.feeds).toMatchObject([
    { source: "erp", isComplete: true, reconciliations: ["receipts", "money", "counted"] },
  ]);
  expect(march.companies.map(({ id }) => id)).toEqual(["group", "harbor"]);
  const april = close.parse(await tower.get("/close"));
  expect([april.isOver, april.isReady, april.period.id]).toEqual([false, false, "2026-04"]);
  const pharmacy = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
  expect(close.parse(await tower.get("/close", pharmacy)).reconciliations).toEqual([]);
  expect((await tower.request("/close?company=none")).status).toBe(404);
});

test("sees what is not as it was kept", async () => {
  const { items } = checkpointPage.parse(await tower.get("/reconciliations/receipts/checkpoints"));
  const made = items.find(({ lock }) => lock?.state === "locked");
  if (!made) throw new Error("nothing is locked");
  await tower.writer.command({
    query: `ALTER TABLE reconciliation_checkpoint_rows UPDATE body = replaceOne(body, '100', '101')
      WHERE checkpoint = '${made.id}' AND kind = 'open' AND key = '1/3' SETTINGS mutations_sync = 1`,
  });
  const found = await reproduce(made.id);
  expect(found.isSame).toBe(false);
  expect(found.differences).toHaveLength(1);
  expect(found.differences[0]?.stored).not.toBe(found.differences[0]?.reproduced);
});

test("is opened again by an auditor with a reason, and keeps who did what", async () => {
  const { items } = checkpointPage.parse(await tower.get("/reconciliations/receipts/checkpoints"));
  const made = items.find(({ lock }) => lock?.state === "locked");
  const path = `/reconciliations/receipts/checkpoints/${made?.id}`;
  const operator = await tower.createKey({ roles: ["operator"] });
  const auditor = await tower.createKey({ roles: ["auditor"], name: "Ada" });
  expect((await post(`${path}/unlock`, { reason: "A credit is missing." }, operator)).status).toBe(403);
  expect((await post(`${path}/unlock`, { reason: "" }, auditor)).status).toBe(400);
  const opened = checkpoint.parse(
    await (await post(`${path}/unlock`, { reason: "A credit is missing." }, auditor)).json(),
  );
  expect(opened.lock).toMatchObject({ state: "unlocked", version: 2, by: { name: "Ada" } });
  expect((await getStatement("on=2026-03-15")).lock).toBe(null);
  expect((await getStatement("on=2026-04-15")).units[0]?.adjustments).toEqual([]);
  const result = await tower.writer.query({
    query:
      "SELECT action, count() AS n FROM audit_log WHERE action LIKE 'checkpoint.%' GROUP BY action ORDER BY action",
    format: "JSONEachRow",
  });
  expect(await result.json()).toEqual([
    { action: "checkpoint.lock", n: 1 },
    { action: "checkpoint.make", n: 4 },
    { action: "checkpoint.reproduce", n: 3 },
    { action: "checkpoint.unlock", n: 1 },
  ]);
});

test("closes a company by its own clocks, for those who may see it", async () => {
  const harbor = await tower.createKey({ roles: ["operator"], scope: { sites: ["harbor"], domains: "*" } });
  const body = { on: "2026-03-15", company: "harbor" };
  const response = await post("/reconciliations/receipts/checkpoints", body, harbor);
  const made = checkpoint.parse(await response.json());
  expect(made.period.to).toBe("2026-04-01T07:00:00.000Z");
  expect(made.units?.map(({ unit, count }) => [unit, count])).toEqual([["EA", 1]]);
  expect((await post("/reconciliations/receipts/checkpoints", { on: "2026-03-15" }, harbor)).status).toBe(403);
  const viewer = await tower.createKey({ roles: ["viewer"] });
  expect((await post("/reconciliations/receipts/checkpoints", body, viewer)).status).toBe(403);
  const elsewhere = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
  expect(checkpointPage.parse(await tower.get("/reconciliations/receipts/checkpoints", elsewhere)).items).toEqual([]);
  // Of everything's checkpoint the keeper of one site sees what is of that site, once its rows are kept.
  const whole = await make({ on: "2026-03-15" });
  const seen = async () =>
    checkpoint.parse(await tower.get(`/reconciliations/receipts/checkpoints/${whole.id}`, harbor)).units;
  expect(await seen()).toBe(null);
  expect((await post(`${whole.href.slice("/api/v1".length)}/lock`, { reason: "Done." })).status).toBe(200);
  expect((await seen())?.map(({ unit, count, gross }) => [unit, count, gross])).toEqual([["EA", 1, "100"]]);
});
