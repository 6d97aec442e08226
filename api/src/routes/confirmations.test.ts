import { afterAll, beforeAll, expect, test } from "vitest";
import { accrualPage } from "../contract/accrual.ts";
import { type Confirmation, confirmation, confirmationPage, suggestionList } from "../contract/confirmation.ts";
import { problem } from "../contract/problem.ts";
import { statement } from "../contract/reconciliation.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const NOW = Date.parse("2026-04-03T12:00:00Z");
const at = (text: string) => Date.parse(`2026-${text}:00Z`);
type Given = Parameters<typeof toReceiptFact>[0];
const stated = (quantity: string, amount: string, currency = "USD") => ({
  quantity: { value: quantity, unit: "EA" },
  amount: { value: amount, currency },
});
const received = (line: string, time: number, more: Partial<Given> = {}) =>
  toReceiptFact({ id: `r${line} ${time}`, line, time, arrivedAt: time, ...more });
const posted = (line: string, time: number, more: Partial<Given> = {}) =>
  received(line, time, { id: `p${line} ${time}`, type: "erp.goods_receipt.posted", ...more });

const FACTS = [
  // Two receipts of 10 and 11 each, 60 of 150 posted.
  received("1/1", at("03-02T10:00"), { measures: stated("100", "1000") }),
  received("1/1", at("03-03T10:00"), { measures: stated("50", "550") }),
  posted("1/1", at("03-04T10:00"), { measures: stated("60", "600") }),
  // Two receipts, nothing posted: each is worth its own.
  received("1/2", at("03-05T10:00"), { measures: stated("10", "100") }),
  received("1/2", at("03-06T10:00"), { measures: stated("5", "60") }),
  received("1/3", at("03-07T10:00"), { measures: stated("7", "21", "EUR") }),
  received("1/4", at("03-08T10:00"), { quantity: "3" }),
  // Three for 10.00, one of them posted, and one receipt and one posting of which nobody knows how much they are.
  received("1/8", at("03-08T11:00"), { measures: stated("3", "10.00") }),
  posted("1/8", at("03-08T12:00"), { measures: stated("1", "3.50") }),
  received("1/9", at("03-08T13:00"), { measures: { amount: { value: "12", currency: "USD" } } }),
  posted("1/9", at("03-08T14:00")),
  // Posted and not received, received under another number.
  posted("1/5", at("03-09T10:00"), { measures: stated("8", "80") }),
  received("1/6", at("03-09T10:00"), { measures: stated("8", "80") }),
  // After the cut-off.
  received("1/7", at("04-02T10:00"), { measures: stated("1", "10") }),
];

let clock = NOW;
let tower: Awaited<ReturnType<typeof startTower>>;

beforeAll(async () => {
  const [receipts, ...others] = RULES.reconciliations;
  if (!receipts) throw new Error("no rule");
  const rules = { ...RULES, reconciliations: [{ ...receipts, secondPersonAbove: "10" }, ...others] };
  const pack = { ...TEST_PACK, reconciliations: rules };
  tower = await startTower({ pack, now: () => clock });
  await storeBatch(tower.writer, FACTS, { log: "log", batch: 1, first: 1 });
  const projector = await openReconciler({ connection: tower.engine.connection, pack, now: () => NOW });
  while (await projector.advance());
  await projector.close();
}, 60_000);
afterAll(() => tower.close());

const post = (path: string, body: object, key?: string) =>
  tower.request(`/reconciliations/receipts/confirmations${path}`, {
    method: "POST",
    key,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
const read = async (response: Promise<Response>): Promise<Confirmation> =>
  confirmation.parse(await (await response).json());

test("lists what was received and not invoiced at a cut-off, each currency by itself", async () => {
  const { items, totals, cutoff } = accrualPage.parse(
    await tower.get("/reconciliations/receipts/accruals?on=2026-03-15"),
  );
  expect(cutoff).toBe("2026-04-01T05:00:00.000Z");
  expect(items.map(({ key, quantity, worth, since }) => [key[0], quantity, worth?.value, since.slice(0, 10)])).toEqual([
    ["1/1", "90", "930", "2026-03-02"],
    ["1/2", "15", "160", "2026-03-05"],
    ["1/3", "7", "21", "2026-03-07"],
    ["1/4", "3", undefined, "2026-03-08"],
    ["1/6", "8", "80", "2026-03-09"],
    // The amount of a line is rounded once, so that lines add up to their total.
    ["1/8", "2", "6.67", "2026-03-08"],
    ["1/9", null, undefined, "2026-03-08"],
  ]);
  expect(items.at(-1)).toMatchObject({ key: ["1/9", `r1/9 ${at("03-08T13:00")}`], unit: "" });
  expect(totals).toEqual([
    { currency: null, lines: 2, value: null },
    { currency: "EUR", lines: 1, value: "21" },
    { currency: "USD", lines: 4, value: "1176.67" },
  ]);
  const paged = accrualPage.parse(await tower.get("/reconciliations/receipts/accruals?on=2026-03-15&limit=2"));
  // The next page is of the same cut-off, however long somebody has read the first.
  const running = accrualPage.parse(await tower.get("/reconciliations/receipts/accruals?limit=2"));
  clock += 120_000;
  const next = await tower.get(`/reconciliations/receipts/accruals?limit=2&cursor=${running.nextCursor}`);
  expect(accrualPage.parse(next).cutoff).toBe(running.cutoff);
  const other = `/reconciliations/receipts/accruals?on=2026-02-15&cursor=${running.nextCursor}`;
  expect((await tower.request(other)).status).toBe(400);
  clock = NOW;
  const rest = await tower.get(`/reconciliations/receipts/accruals?on=2026-03-15&limit=9&cursor=${paged.nextCursor}`);
  expect([...paged.items, ...accrualPage.parse(rest).items]).toEqual(items);
  expect((await tower.request("/reconciliations/money/accruals")).status).toBe(400);
  expect((await tower.request("/reconciliations/receipts/accruals?format=csv")).status).toBe(200);
});

test("suggests what would offset each other, takes nothing, and records who says so", { timeout: 30_000 }, async () => {
  const before = statement.parse(await tower.get("/reconciliations/receipts/statement"));
  const [found, ...others] = suggestionList.parse(await tower.get("/reconciliations/receipts/suggestions")).items;
  expect(others).toEqual([]);
  expect(found).toMatchObject({ kind: "same_value", unit: "EA", gross: "16", needsSecondPerson: true });
  const items = found?.items.map(({ key, side, source, id }) => ({ key, side, source, id })) ?? [];
  expect(items.map(({ key, side }) => `${side} ${key[0]}`)).toEqual(["a 1/6", "b 1/5"]);

  const anna = await tower.createKey({ name: "Anna", roles: ["operator"] });
  const ben = await tower.createKey({ name: "Ben", roles: ["auditor"] });
  const wish = { unit: "EA", items, reason: "The slip has the other number." };
  const asked = await read(post("", wish, anna));
  expect(asked).toMatchObject({ state: "requested", gross: "16", requestedBy: { name: "Anna" }, decidedBy: null });
  const own = await post(`/${asked.id}/approve`, { version: 1 }, anna);
  expect([own.status, problem.parse(await own.json()).code]).toEqual([403, "second_person_required"]);
  const agreed = await read(post(`/${asked.id}/approve`, { version: 1, note: "Seen." }, ben));
  expect(agreed).toMatchObject({ state: "confirmed", version: 2, decidedBy: { name: "Ben" }, note: "Seen." });
  expect((await post(`/${asked.id}/reject`, { version: 1 }, ben)).status).toBe(409);
  const page = confirmationPage.parse(await tower.get("/reconciliations/receipts/confirmations?state=confirmed"));
  expect(page.items).toEqual([agreed]);
  // Figures follow events only.
  const { units } = statement.parse(await tower.get("/reconciliations/receipts/statement"));
  expect(units).toEqual(before.units);
  const audited = await tower.writer.query({
    query: "SELECT action FROM audit_log WHERE action LIKE 'confirmation.%' ORDER BY at, action",
    format: "JSONEachRow",
  });
  expect((await audited.json<{ action: string }>()).map(({ action }) => action).toSorted()).toEqual([
    "confirmation.approve",
    "confirmation.request",
  ]);
});

test("refuses what is not open, does not offset, or is not theirs", async () => {
  const item = (side: "a" | "b", line: string, time: number) => ({
    key: [line],
    side,
    source: "erp",
    id: `${side === "a" ? "r" : "p"}${line} ${time}`,
  });
  const reason = "Looks alike.";
  const one = item("a", "1/6", at("03-09T10:00"));
  const refusals = [
    [one, item("b", "1/9", at("03-09T10:00"))],
    [item("a", "1/3", at("03-07T10:00")), item("b", "1/5", at("03-09T10:00"))],
    [one, one],
  ];
  for (const items of refusals) expect((await post("", { unit: "EA", items, reason })).status).toBe(400);
  const viewer = await tower.createKey({ roles: ["viewer"] });
  const items = [one, item("b", "1/5", at("03-09T10:00"))];
  expect((await post("", { unit: "EA", items, reason }, viewer)).status).toBe(403);
  const elsewhere = await tower.createKey({ roles: ["operator"], scope: { sites: ["harbor"], domains: "*" } });
  expect((await post("", { unit: "EA", items, reason }, elsewhere)).status).toBe(400);
  expect((await post("/none/approve", { version: 1 })).status).toBe(404);
});
