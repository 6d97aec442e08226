import { afterAll, beforeAll, expect, test } from "vitest";
import { type MatchItem, matchPage } from "../contract/match.ts";
import { invoiced, ordered, received } from "../projections/matches/events.fixture.ts";
import { T1 } from "../projections/matches/trade.fixture.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { readPages } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const HELD_AT = Date.UTC(2026, 2, 20, 12);
const RELEASED_AT = Date.UTC(2026, 2, 21, 12);
const pack = { ...TEST_PACK, tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" } };
let tower: Tower;

const other = { purchase_order_line: "4500000001/20" };
const FIRST = [
  ordered(1, { attributes: { company: "1000" } }),
  invoiced(10, "100 EA for 1000.00 USD", {
    measures: { gross: "1000.00 USD" },
    attributes: { due_date: "2026-04-09" },
  }),
  ordered(2, { objects: other }),
  received(5, "100 EA", { objects: other }),
  invoiced(11, "100 EA for 1100.00 USD", { objects: { ...other, invoice: "CARDINAL/INV-0088" } }),
];
const LATER = [received(21, "100 EA")];

beforeAll(async () => {
  tower = await startTower({ now: () => RELEASED_AT, pack });
  let now = HELD_AT;
  const projector = await openReconciler({
    connection: tower.engine.connection,
    pack,
    now: () => now,
  });
  const first = await storeBatch(tower.writer, FIRST, { log: "log", batch: 1, first: 1 });
  while (await projector.advance());
  now = RELEASED_AT;
  await storeBatch(tower.writer, LATER, { log: "log", batch: 2, first });
  while (await projector.advance());
  await projector.close();
});

afterAll(() => tower.close());

async function list(query: string): Promise<MatchItem[]> {
  return matchPage.parse(await tower.get(`/matches?${query}`)).items;
}

const toShort = ({ kind, invoice, order, outcome, causes }: MatchItem) =>
  [kind, invoice ?? order, outcome, ...causes.map(({ code }) => code)].join(" ");

test("lists invoices, their lines and order lines, the latest entered first", async () => {
  expect((await list("")).map(toShort)).toEqual([
    "invoice CARDINAL/INV-0088 blocked",
    "line CARDINAL/INV-0088 blocked PRICE",
    "invoice CARDINAL/INV-0087 matched",
    "line CARDINAL/INV-0087 matched",
    "order 4500000001/20 matched",
    "order 4500000001/10 matched",
  ]);
});

test("shows what a result was derived from, and what is at stake until when", async () => {
  const [invoice] = await list("kind=invoice&invoice=CARDINAL/INV-0087");
  expect(invoice).toMatchObject({
    amount: { value: "1000.00", currency: "USD" },
    dueOn: "2026-04-09",
    supplier: "CARDINAL",
  });
  const [line] = await list("kind=line&code=PRICE");
  expect(line).toMatchObject({
    order: "4500000001/20",
    causes: [{ code: "PRICE", difference: { value: "100.00", currency: "USD" }, percent: "10.00" }],
    figures: { quantity: "100", expected: "100", expectedAmount: "1000.00", amount: "1100.00" },
    profile: "T1",
    ruleVersion: "rules-1",
    href: "/api/v1/journeys/purchase_order_line/4500000001%2F20",
  });
});

test("narrows by outcome, code, order, text and time", async () => {
  expect((await list("outcome=blocked&kind=invoice")).map(toShort)).toEqual(["invoice CARDINAL/INV-0088 blocked"]);
  expect(await list("code=NO_RECEIPT")).toEqual([]);
  expect((await list("order=4500000001/10")).map(({ kind }) => kind)).toEqual(["line", "order"]);
  expect((await list("q=inv-0088")).length).toBe(2);
  expect((await list("from=2026-03-11T00:00:00Z")).length).toBe(2);
  expect(await list("site=south")).toEqual([]);
});

test("answers as things stood before the receipt released the invoice", async () => {
  const before = await list("asOf=2026-03-20T18:00:00Z&invoice=CARDINAL/INV-0087");
  expect(before.map(toShort)).toEqual(["invoice CARDINAL/INV-0087 held", "line CARDINAL/INV-0087 held NO_RECEIPT"]);
});

test("pages hold every result once, and leave as CSV", async () => {
  const paged = await readPages({ tower, path: "/matches?limit=2", parse: (body) => matchPage.parse(body) });
  expect(paged).toEqual(await list(""));
  const csv = await (await tower.request("/matches?kind=line&format=csv", {})).text();
  expect(csv.split("\r\n").slice(0, 2).join("\n")).toContain("PRICE,100.00,10.00,1100.00,USD");
});

test("shows nobody what lies outside of their scope", async () => {
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  expect(matchPage.parse(await tower.get("/matches", key)).items).toEqual([]);
});

test("refuses a code that there is not", async () => {
  expect((await tower.request("/matches?code=NONE", {})).status).toBe(400);
});
