import { ZERO, absolute, formatDecimal, parseRational, sum } from "@throughline/schemas/exact/rational";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpoint, checkpointRowPage, lateChangePage } from "../contract/checkpoint.ts";
import { close } from "../contract/close.ts";
import {
  type Statement,
  itemMovePage,
  openItemPage,
  reconciliationList,
  statement,
} from "../contract/reconciliation.ts";
import type { Fact } from "../projections/fact.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const THEN = Date.parse("2026-04-03T12:00:00Z");
const LATER = Date.parse("2026-04-06T09:00:00Z");
const at = (text: string) => Date.parse(`2026-${text}:00Z`);

type Given = Partial<Parameters<typeof toReceiptFact>[0]>;
const received = (id: string, time: number, more: Given = {}) =>
  toReceiptFact({ id: `r${id}`, line: id, time, arrivedAt: time, quantity: "100", ...more });
const posted = (id: string, time: number, more: Given = {}) =>
  received(id, time, { id: `p${id}`, type: "erp.goods_receipt.posted", ...more });

const HARBOR = {
  id: "harbor",
  title: "Harbor",
  sites: ["harbor"],
  zone: "America/Los_Angeles",
  calendar: undefined,
  closing: undefined,
};
const pack = {
  ...TEST_PACK,
  reconciliations: { ...RULES, books: { ...RULES.books, companies: [HARBOR] } },
};

const FIRST = [
  received("1/1", at("02-20T10:00")),
  received("1/2", at("03-02T10:00")),
  posted("1/2", at("03-02T10:05"), { quantity: "60" }),
  received("1/3", at("03-20T10:00")),
  received("1/4", at("03-21T10:00"), { site: "harbor", quantity: "40" }),
  received("1/5", at("03-22T10:00"), { site: "harbor" }),
  posted("1/5", at("03-22T11:00"), { site: "harbor", quantity: "130" }),
  // Of the harbor for those that see it, until an earlier entry of another site comes.
  posted("1/6", at("03-23T10:00"), { site: "harbor", quantity: "5" }),
  received("1/7", at("04-01T04:30"), { site: "harbor" }),
];
const LATE = [
  posted("1/3", at("03-20T11:00"), { arrivedAt: at("04-05T10:00") }),
  received("1/6", at("03-22T09:00"), { quantity: "8", arrivedAt: at("04-05T10:00") }),
  received("1/8", at("03-31T10:00"), { site: "harbor", quantity: "7", arrivedAt: at("04-05T10:00") }),
  received("1/9", at("04-04T10:00"), { arrivedAt: at("04-05T10:00") }),
];

/** Questions whose answers as of a moment are those that were given then. */
const QUESTIONS = [
  "/reconciliations",
  "/reconciliations/receipts/statement",
  "/reconciliations/receipts/statement?on=2026-03-15",
  "/reconciliations/money/statement?on=2026-03-15&company=harbor",
  "/reconciliations/receipts/statement?on=2026-03-15&company=harbor",
  "/reconciliations/receipts/items",
  "/reconciliations/receipts/items?company=harbor&to=2026-04-01T07:00:00Z",
  "/reconciliations/receipts/moves?on=2026-03-15",
  "/reconciliations/receipts/accruals?on=2026-03-15",
  "/reconciliations/receipts/accruals?company=harbor",
  "/close?on=2026-03-15",
  "/close?company=harbor",
];

let tower: Awaited<ReturnType<typeof startTower>>;
let clock = THEN;
let next = 1;
let harborKey: string;
const answered = new Map<string, unknown>();

beforeAll(async () => {
  tower = await startTower({ pack, now: () => clock });
  harborKey = await tower.createKey({ scope: { sites: ["harbor"], domains: "*" } });
  await store(FIRST, 1);
  for (const path of QUESTIONS)
    for (const key of [undefined, harborKey]) answered.set(`${key} ${path}`, await tower.get(path, key));
  clock = LATER;
  await store(LATE, 2);
}, 120_000);
afterAll(() => tower.close());

async function store(facts: readonly Fact[], batch: number) {
  next = await storeBatch(tower.writer, facts, { log: "log", batch, first: next });
  const options = { connection: tower.engine.connection, pack, now: () => clock };
  for (const projector of [await openProjector(options), await openReconciler(options)]) {
    while (await projector.advance());
    await projector.close();
  }
}

const withAsOf = (path: string, time: number) =>
  `${path}${path.includes("?") ? "&" : "?"}asOf=${new Date(time).toISOString()}`;

/** An answer without the moment that links ask for. */
const withoutMoment = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer)
      .replaceAll(/asOf=[^"&]*&?/g, "")
      .replaceAll(/[?&]"/g, '"'),
  );

test.each(QUESTIONS)("answers %s as of a moment as it did then", { timeout: 60_000 }, async (path) => {
  for (const key of [undefined, harborKey]) {
    const then = answered.get(`${key} ${path}`);
    expect(withoutMoment(await tower.get(withAsOf(path, THEN), key))).toEqual(withoutMoment(then));
  }
  expect(withoutMoment(await tower.get(path))).not.toEqual(withoutMoment(answered.get(`undefined ${path}`)));
});

test("knows nothing of a time before it kept anything, and takes no moment that is none", async () => {
  const early = reconciliationList.parse(await tower.get(withAsOf("/reconciliations", THEN - 1000)));
  expect(early.items.map(({ isKept, units }) => [isKept, units])).toEqual([
    [false, []],
    [false, []],
    [false, []],
  ]);
  expect((await tower.request("/reconciliations?asOf=yesterday")).status).toBe(400);
});

test("shows what moved to another site at that one only", async () => {
  const readKeys = async (key?: string) =>
    openItemPage.parse(await tower.get("/reconciliations/receipts/items", key)).items.map((item) => item.key[0]);
  expect(await readKeys(harborKey)).not.toContain("1/6");
  expect(await readKeys()).toContain("1/6");
});

interface Total {
  count: number;
  value: string;
}

const toTotal = (rows: readonly { count: number; value: string }[]): Total => ({
  count: rows.reduce((left, { count }) => left + count, 0),
  value: formatDecimal(sum(rows.map(({ value }) => parseRational(value) ?? ZERO))),
});
const toGross = (value: string) => formatDecimal(absolute(parseRational(value) ?? ZERO));

/** What the rows of a link add up to, whatever list it opens. */
async function sumRows(href: string, key: string | undefined): Promise<Total> {
  const answer = await tower.get(`${href}&limit=1000`, key);
  if (href.includes("/items?"))
    return toTotal(openItemPage.parse(answer).items.map(({ value }) => ({ count: 1, value: toGross(value) })));
  if (href.includes("/moves?")) return toTotal(itemMovePage.parse(answer).items);
  if (href.includes("/adjustments?"))
    return toTotal(lateChangePage.parse(answer).items.map(({ count, gross: value }) => ({ count, value })));
  return toTotal(checkpointRowPage.parse(answer).items.map(({ count, gross: value }) => ({ count, value })));
}

/** Opens each figure of a statement; returns how many were not 0. */
async function openFigures({ units }: Statement, key: string | undefined): Promise<number> {
  let found = 0;
  const open = async (name: string, href: string, { count, value }: Total) => {
    expect([name, href, await sumRows(href, key)]).toEqual([name, href, { count, value }]);
    if (count !== 0 || value !== "0") found += 1;
  };
  for (const unit of units) {
    await open("opening", unit.rows.opening, unit.opening);
    await open("new", unit.rows.new, unit.new);
    await open("reopened", unit.rows.reopened, unit.reopened);
    await open("changed", unit.rows.changed, unit.changed);
    await open("cleared", unit.rows.cleared, unit.cleared);
    for (const { href, count, value } of unit.adjustments) await open("adjustment", href ?? "", { count, value });
    await open("closing", unit.itemsHref, unit.closing);
    for (const each of unit.byClass) await open(each.class, `${unit.itemsHref}&class=${each.class}`, each);
    for (const each of unit.byCause) await open(each.cause, `${unit.itemsHref}&cause=${each.cause}`, each);
    for (const each of unit.aging)
      await open(each.days, `${unit.itemsHref}&days=${encodeURIComponent(each.days)}`, each);
  }
  return found;
}

const READ = [
  ["receipts", "on=2026-03-15"],
  ["receipts", "on=2026-03-15&company=harbor"],
  ["receipts", "company=harbor"],
  ["counted", "from=2026-03-20T00:00:00Z&to=2026-04-01T05:00:00Z&company=harbor"],
  ["receipts", `on=2026-03-15&asOf=${new Date(THEN).toISOString()}`],
  ["receipts", `company=harbor&asOf=${new Date(THEN).toISOString()}`],
] as const;

test.each(READ)(
  "each figure of %s with %s adds up to the rows that it opens",
  { timeout: 60_000 },
  async (id, query) => {
    for (const key of [undefined, harborKey]) {
      const read = statement.parse(await tower.get(`/reconciliations/${id}/statement?${query}`, key));
      expect(await openFigures(read, key)).toBeGreaterThan(5);
    }
  },
);

test(
  "so does each figure of a locked period, and of the one after it with its adjustments",
  { timeout: 60_000 },
  async () => {
    const post = async (path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const response = await tower.request(path, { method: "POST", body: JSON.stringify(body), headers });
      expect(response.ok).toBe(true);
      return response.json();
    };
    const path = "/reconciliations/receipts/checkpoints";
    const { id } = checkpoint.parse(await post(path, { on: "2026-03-15", company: "harbor" }));
    await post(`${path}/${id}/lock`, { reason: "March is done." });
    await store([received("1/12", at("03-30T10:00"), { site: "harbor", quantity: "9", arrivedAt: LATER })], 3);
    const named: unknown[] = [];
    for (const query of ["on=2026-03-15&company=harbor", "company=harbor"]) {
      const read = statement.parse(await tower.get(`/reconciliations/receipts/statement?${query}`));
      expect(await openFigures(read, undefined)).toBeGreaterThan(4);
      named.push(read.units[0]?.adjustments);
    }
    expect(named).toMatchObject([[], [{ count: 1, value: "9" }]]);
    const room = close.parse(await tower.get("/close?on=2026-03-15&company=harbor"));
    for (const { units } of room.reconciliations)
      for (const { itemsHref, count, gross } of units)
        expect([itemsHref, await sumRows(itemsHref, undefined)]).toEqual([itemsHref, { count, value: gross }]);
  },
);
