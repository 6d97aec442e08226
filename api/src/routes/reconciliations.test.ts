import { ZERO, formatDecimal, parseRational, sum } from "@throughline/schemas/exact/rational";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type OpenItem,
  itemMovePage,
  openItemPage,
  reconciliationList,
  statement,
} from "../contract/reconciliation.ts";
import type { Fact } from "../projections/fact.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { type ItemClass, classify } from "../projections/reconciliations/classify.ts";
import { findCause } from "../projections/reconciliations/find-cause.ts";
import { evaluateSubject } from "../projections/reconciliations/item-row.ts";
import { toReconciliationModels } from "../projections/reconciliations/model.ts";
import { RECEIPTS, RULES, toReceiptFact } from "../projections/reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { TEST_PACK, startTower } from "../tower.fixture.ts";

const NOW = Date.parse("2026-04-03T12:00:00Z");
const POSTED = "erp.goods_receipt.posted";
const MARCH_END = Date.parse("2026-04-01T05:00:00Z");
const at = (text: string) => Date.parse(`2026-${text}:00Z`);
const money = (quantity: string, amount: string) => ({
  quantity: { value: quantity, unit: "EA" },
  amount: { value: amount, currency: "USD" },
});

const received = (id: string, time: number, more: Partial<Fact> = {}) =>
  toReceiptFact({ id: `r${id}`, line: id, time, arrivedAt: time, measures: money("100", "1000"), ...more });
const posted = (id: string, time: number, more: Partial<Fact> = {}) =>
  received(id, time, { id: `p${id}`, type: POSTED, ...more });

const FACTS = [
  // Agrees in March.
  received("1/1", at("03-02T10:00")),
  posted("1/1", at("03-02T10:05")),
  // Received late on the last day, posted on the first of the next month.
  received("1/2", at("04-01T04:30")),
  posted("1/2", at("04-01T15:00")),
  // Never posted.
  received("1/3", at("03-20T10:00")),
  // Posted with another price, and with another quantity.
  received("1/4", at("03-25T10:00")),
  posted("1/4", at("03-25T10:01"), { measures: money("100", "1021.50") }),
  received("1/5", at("04-02T10:00")),
  posted("1/5", at("04-02T10:01"), { measures: money("60", "600") }),
  // Just received, at another site, and one whose posting failed.
  received("1/6", NOW - 60_000, { site: "harbor" }),
  received("1/7", at("04-02T12:00")),
  posted("1/7", at("04-02T12:01"), { outcome: "failed" }),
];

let tower: Awaited<ReturnType<typeof startTower>>;

beforeAll(async () => {
  const idle = {
    ...RECEIPTS,
    id: "idle",
    a: { ...RECEIPTS.a, events: [{ type: "test.none.ever", sign: "plus" as const }] },
  };
  const unheard = { ...idle, b: { ...RECEIPTS.b, events: [{ type: "test.none.either", sign: "plus" as const }] } };
  const rules = { ...RULES, reconciliations: [...RULES.reconciliations, unheard] };
  const pack = { ...TEST_PACK, reconciliations: rules };
  tower = await startTower({ pack, now: () => NOW });
  await storeBatch(tower.writer, FACTS, { log: "log", batch: 1, first: 1 });
  const options = { connection: tower.engine.connection, pack, now: () => NOW };
  // That of the legs says how far the feeds are complete.
  for (const projector of [await openProjector(options), await openReconciler(options)]) {
    while (await projector.advance());
    await projector.close();
  }
}, 60_000);
afterAll(() => tower.close());

async function getUnit(id: string, query: string, unit: string) {
  const read = statement.parse(await tower.get(`/reconciliations/${id}/statement?${query}`));
  const found = read.units.find((each) => each.unit === unit);
  if (!found) throw new Error(`nothing in ${unit}`);
  return { ...found, period: read.period };
}

const listItems = async (id: string, query = ""): Promise<OpenItem[]> =>
  openItemPage.parse(await tower.get(`/reconciliations/${id}/items?${query}`)).items;

test("states opening, new, cleared and closing of a fiscal period by the clocks of the books", async () => {
  const march = await getUnit("receipts", "on=2026-03-15", "EA");
  expect(march.period).toEqual({
    id: "2026-03",
    from: "2026-03-01T06:00:00.000Z",
    to: "2026-04-01T05:00:00.000Z",
    zone: "America/Chicago",
  });
  expect(march.opening).toEqual({ count: 0, value: "0" });
  expect(march.new).toEqual({ count: 4, value: "400" });
  expect(march.cleared).toEqual({ count: 2, value: "200" });
  expect(march.closing).toEqual({ count: 2, value: "200" });
  expect([march.net, march.gross, march.count]).toEqual(["200", "200", 2]);
  expect(march.byClass).toEqual([
    { class: "CUTOFF", count: 1, value: "100" },
    { class: "BREAK", count: 1, value: "100" },
  ]);
  const april = await getUnit("receipts", "on=2026-04-15", "EA");
  expect(april.opening).toEqual(march.closing);
  expect([april.net, april.gross, april.count]).toEqual(["340", "340", 4]);
});

test("keeps currencies apart, and tells a price that differs from a quantity that differs", async () => {
  const usd = await getUnit("money", "", "USD");
  expect(usd.byCause).toEqual([
    { cause: "in_flight", count: 1, value: "1000" },
    { cause: "failed_message", count: 1, value: "1000" },
    { cause: "price_mismatch", count: 1, value: "21.5" },
    { cause: "quantity_mismatch", count: 1, value: "400" },
    { cause: "unexplained", count: 1, value: "1000" },
  ]);
  expect([usd.net, usd.gross]).toEqual(["3378.5", "3421.5"]);
  expect(usd.beyondItemLimit).toBe(5);
});

test("lists the items of a figure, with as many rows and the same sum", async () => {
  const { byClass, itemsHref } = await getUnit("money", "", "USD");
  for (const { class: name, count, value } of byClass) {
    const { items } = openItemPage.parse(await tower.get(`${itemsHref}&class=${name}`));
    expect(items.length).toBe(count);
    expect(items.reduce((total, item) => total + Math.abs(Number(item.value)), 0)).toBe(Number(value));
  }
  const [first] = await listItems("receipts");
  expect(first).toMatchObject({
    key: ["1/3"],
    source: "erp",
    id: "r1/3",
    value: "100",
    worth: { value: "1000", currency: "USD" },
    class: "BREAK",
    days: "8-30",
    events: { a: [{ source: "erp", id: "r1/3" }], b: [] },
    href: "/api/v1/journeys/purchase_order_line/1%2F3",
  });
});

test("lists what moved, so that its rows add up to each flow of the statement", async () => {
  for (const [id, unit] of [
    ["receipts", "EA"],
    ["money", "USD"],
  ] as const)
    for (const query of ["on=2026-03-15", "on=2026-04-02", "from=2026-03-20T00:00:00Z&to=2026-04-02T18:00:00Z"]) {
      const figures = await getUnit(id, query, unit);
      for (const kind of ["new", "reopened", "changed", "cleared"] as const) {
        const path = `/reconciliations/${id}/moves?${query}&unit=${unit}&kind=${kind}`;
        const { items } = itemMovePage.parse(await tower.get(path));
        const value = formatDecimal(sum(items.map((move) => parseRational(move.value) ?? ZERO)));
        expect({ count: items.reduce((left, { count }) => left + count, 0), value }).toEqual(figures[kind]);
      }
    }
  const [last] = itemMovePage.parse(await tower.get("/reconciliations/receipts/moves")).items;
  expect(last).toEqual({
    kind: "new",
    subject: { type: "purchase_order_line", id: "1/6" },
    unit: "EA",
    count: 1,
    value: "100",
    at: "2026-04-03T11:59:00.000Z",
    site: "harbor",
    href: "/api/v1/journeys/purchase_order_line/1%2F6",
  });
  const seen: string[] = [];
  let cursor = "";
  do {
    const page = itemMovePage.parse(await tower.get(`/reconciliations/money/moves?limit=2${cursor}`));
    seen.push(...page.items.map(({ subject, kind, at: time }) => `${subject.id} ${kind} ${time}`));
    cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
  } while (cursor !== "");
  const all = itemMovePage.parse(await tower.get("/reconciliations/money/moves?limit=1000")).items;
  expect(seen).toEqual(all.map(({ subject, kind, at: time }) => `${subject.id} ${kind} ${time}`));
  expect(seen.length).toBeGreaterThan(2);
});

test("says a statement and the list as tables too", async () => {
  const read = async (path: string) => (await (await tower.request(path)).text()).trimEnd().split("\r\n");
  expect(await read("/reconciliations/receipts/statement?on=2026-03-15&format=csv")).toEqual([
    "unit,part,line,count,value",
    "EA,roll_forward,opening,0,0",
    "EA,roll_forward,new,4,400",
    "EA,roll_forward,reopened,0,0",
    "EA,roll_forward,changed,0,0",
    "EA,roll_forward,cleared,2,200",
    "EA,roll_forward,closing,2,200",
    "EA,drift,net,,200",
    "EA,drift,gross,2,200",
    "EA,class,CUTOFF,1,100",
    "EA,class,BREAK,1,100",
    "EA,cause,in_flight,1,100",
    "EA,cause,unexplained,1,100",
    expect.stringMatching(/^EA,age,/),
    expect.stringMatching(/^EA,age,/),
  ]);
  const list = await read("/reconciliations?format=csv");
  expect(list.slice(0, 2)).toEqual([
    expect.stringMatching(/^reconciliation,title,owner,unit,net,gross,count,/),
    expect.stringMatching(/^receipts,.*,EA,340,340,4,/),
  ]);
  const headers = { accept: "application/vnd.apache.parquet" };
  const parquet = await (await tower.request("/reconciliations/receipts/statement", { headers })).arrayBuffer();
  expect(new TextDecoder().decode(parquet.slice(0, 4))).toBe("PAR1");
});

test("gives each item the class and cause that the rules give it", async () => {
  for (const model of toReconciliationModels(RULES))
    for (const cutoff of [MARCH_END, NOW]) {
      const items = await listItems(model.rule.id, `to=${new Date(cutoff).toISOString()}`);
      const feed = { watermark: NOW - 300_000, isSilent: false };
      const expected = FACTS.flatMap(({ objects: [object] }) => object?.id ?? [])
        .filter((id, index, all) => all.indexOf(id) === index)
        .flatMap((subject) => {
          const facts = FACTS.filter(({ objects }) => objects[0]?.id === subject);
          const rows = evaluateSubject(model, { subject, facts }, new Map()).items;
          return rows
            .filter(({ from, until }) => from < cutoff && (until === undefined || until >= cutoff))
            .map((row) => {
              const clearedIn = row.isClearedElsewhere ? ["another"] : [];
              const context = {
                cutoff,
                now: NOW,
                lagMs: model.lagMs,
                matching: model.rule.matching,
                feeds: { a: feed, b: feed },
              };
              const name: ItemClass = classify({ ...row, clearedIn }, context);
              const { isMatched, hasFailed, isInOtherUnit } = row;
              const quantitiesAgree = row.quantitiesAgree === "" ? undefined : row.quantitiesAgree === "yes";
              const { kind: measure } = model.rule.measure;
              return `${subject} ${name} ${findCause({ class: name, isMatched, hasFailed, isInOtherUnit, quantitiesAgree, measure })}`;
            });
        });
      expect(items.map((item) => `${item.key[0]} ${item.class} ${item.cause}`).toSorted()).toEqual(expected.toSorted());
    }
});

test("shows each reader their own sites, and figures that tie there too", async () => {
  const key = await tower.createKey({ scope: { sites: ["harbor"], domains: "*" } });
  const read = statement.parse(await tower.get("/reconciliations/receipts/statement", key));
  expect(read.units.map(({ unit, count, gross }) => [unit, count, gross])).toEqual([["EA", 1, "100"]]);
  const moves = itemMovePage.parse(await tower.get("/reconciliations/receipts/moves", key)).items;
  expect(moves.map(({ subject, kind }) => [subject.id, kind])).toEqual([["1/6", "new"]]);
  const other = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
  expect(statement.parse(await tower.get("/reconciliations/receipts/statement", other)).units).toEqual([]);
  expect((await tower.request("/reconciliations", { key: "" })).status).toBe(401);
});

test("lists all reconciliations, pages items in a stable order, and gives them as CSV", async () => {
  const { items } = reconciliationList.parse(await tower.get("/reconciliations"));
  expect(
    items.map(({ id, isKept, units }) => [id, isKept, units.map(({ unit, count }) => `${count} ${unit}`)]),
  ).toEqual([
    ["receipts", true, ["4 EA"]],
    ["money", true, ["5 USD"]],
    ["counted", true, ["3 count"]],
    // What nobody keeps is not in order: it says nothing.
    ["idle", false, []],
  ]);
  const seen: string[] = [];
  let cursor = "";
  do {
    const page = openItemPage.parse(await tower.get(`/reconciliations/money/items?limit=2${cursor}`));
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
  } while (cursor !== "");
  expect(seen).toEqual((await listItems("money")).map(({ id }) => id));
  expect(new Set(seen).size).toBe(5);
  const csv = await (await tower.request("/reconciliations/money/items?format=csv")).text();
  expect(csv.split("\r\n").length).toBe(7);
});

test.each([
  ["/reconciliations/none/statement", 404],
  ["/reconciliations/receipts/statement?on=2026-02-30", 400],
  ["/reconciliations/receipts/statement?on=2027-01-01", 400],
  ["/reconciliations/receipts/statement?from=2026-03-02T00:00:30Z", 400],
  ["/reconciliations/receipts/statement?from=2026-04-02T00:00:00Z&to=2026-04-01T00:00:00Z", 400],
  ["/reconciliations/receipts/items?class=WRONG", 400],
  ["/reconciliations/receipts/moves?kind=a", 400],
  ["/reconciliations/none/moves", 404],
])("refuses %s", async (path, status) => {
  expect((await tower.request(path)).status).toBe(status);
});
