import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { matchPage } from "../contract/match.ts";
import { type Position, positionPage } from "../contract/position.ts";
import { legPage } from "../contract/leg.ts";
import { financeSeat, pharmacySeat, procurementSeat, type Shortage, shortagePage } from "../contract/seat.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { readPages } from "../rows.fixture.ts";
import { type Tower, startTower } from "../tower.fixture.ts";
import { SEAT_PACK as pack, SEAT_TRADE } from "./seats.fixture.ts";

const NOW = Date.UTC(2026, 2, 20, 13);
let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW, pack });
}, 60_000);
afterAll(() => tower.close());

const anyPage = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });
const count = async (href: string) =>
  (await readPages({ tower, path: href, parse: (body) => anyPage.parse(body) })).length;
const finance = async (query = "", key?: string) => financeSeat.parse(await tower.get(`/seats/finance${query}`, key));
const procurement = async (query = "", key?: string) =>
  procurementSeat.parse(await tower.get(`/seats/procurement${query}`, key));
const pharmacy = async (query = "", key?: string) =>
  pharmacySeat.parse(await tower.get(`/seats/pharmacy${query}`, key));
const positions = async (query: string): Promise<Position[]> =>
  readPages({ tower, path: `/positions?${query}`, parse: (body) => positionPage.parse(body) });

describe("before anything was matched", () => {
  test("the seats of matches say why there is no figure, rather than none", async () => {
    const reason = "no order line or invoice that you may see was ever matched: none has arrived yet";
    expect(await finance()).toMatchObject({ because: reason, figures: null });
    expect(await procurement()).toMatchObject({ because: reason, all: null, suppliers: [] });
    expect((await pharmacy()).standing).toMatchObject({ waiting: { value: 0 }, late: { value: 0 } });
  });
});

describe("with trade", () => {
  beforeAll(async () => {
    await storeBatch(tower.writer, SEAT_TRADE, { log: "log", batch: 1, first: 1 });
    const options = { connection: tower.engine.connection, pack, now: () => NOW };
    for (const open of [openProjector, openReconciler]) {
      const projector = await open(options);
      while (await projector.advance());
      await projector.close();
    }
  }, 60_000);

  test("finance sees what is bound and owed by currency, and every figure opens to its rows", async () => {
    const { figures, because } = await finance();
    expect(because).toBeNull();
    const short = (amounts: { currency: string; value: string; lines: { value: number } }[] | undefined) =>
      amounts?.map(({ currency, value, lines }) => [currency, value, lines.value]);
    expect(short(figures?.commitments)).toEqual([
      ["EUR", "2000.00", 1],
      ["USD", "2400.00", 3],
    ]);
    expect(short(figures?.overdue)).toEqual([["USD", "1000.00", 1]]);
    expect(short(figures?.owed)).toEqual([["USD", "600.00", 1]]);
    expect(short(figures?.unreceived)).toEqual([["EUR", "2000.00", 1]]);
    expect(figures?.unknown.value).toBe(1);
    for (const list of [figures?.commitments, figures?.overdue, figures?.owed, figures?.unreceived])
      for (const { lines } of list ?? []) expect(await count(lines.href)).toBe(lines.value);
    expect(await count(figures?.unknown.href ?? "")).toBe(1);
  });

  test("the rows of an amount add up to it", async () => {
    const rows = await positions("kind=commitment&currency=USD&limit=2");
    expect(rows.map(({ order, commitment }) => [order, commitment?.value])).toEqual([
      ["1/10", "1000.00"],
      ["2/10", "1000.00"],
      ["3/10", "400.00"],
    ]);
    expect(rows.map(({ order, isOverdue }) => [order, isOverdue])).toContainEqual(["1/10", true]);
    const [owed] = await positions("kind=owed");
    expect(owed).toMatchObject({
      owed: { quantity: { value: "60", unit: "EA" }, worth: { value: "600.00", currency: "USD" } },
    });
    const byDue = await positions("kind=commitment&sort=due&limit=1");
    expect(byDue.map(({ order }) => order)).toEqual(["1/10", "2/10", "3/10", "5/10"]);
    expect(await positions("kind=short")).toMatchObject([{ order: "4/10", short: { value: "3", unit: "EA" } }]);
    expect(await positions("kind=unknown")).toMatchObject([{ order: "6/10", isKnown: false, commitment: null }]);
    const csv = await (await tower.request("/positions?kind=owed&format=csv")).text();
    expect(csv).toContain("3/10,CARDINAL");
  });

  test("what is blocked is counted by outcome and owner, and by nobody where none is routed", async () => {
    const { figures } = await finance();
    expect(figures?.blocked.map(({ outcome, results }) => [outcome, results.value])).toEqual([
      ["blocked", 1],
      ["held", 1],
    ]);
    expect(figures?.owners.map(({ owner, results, stakes }) => [owner?.id, results.value, stakes])).toEqual([
      ["buyers", 1, [{ value: "1100.00", currency: "USD" }]],
      [undefined, 1, [{ value: "2000.00", currency: "EUR" }]],
    ]);
    for (const { results } of [...(figures?.blocked ?? []), ...(figures?.owners ?? [])])
      expect(matchPage.parse(await tower.get(results.href)).items).toHaveLength(results.value);
  });

  test("procurement sees each supplier's execution, and totals are those of the lists", async () => {
    const { all, suppliers, stages, range } = await procurement();
    expect(range).toEqual({ from: "2026-02-21T00:00:00.000Z", to: "2026-03-21T00:00:00.000Z" });
    expect(stages.map(({ stage, isKept }) => [stage, isKept])).toEqual([
      ["confirmed", true],
      ["shipped", false],
      ["received", true],
    ]);
    expect(suppliers.map(({ supplier }) => supplier)).toEqual(["CARDINAL", "MERCK"]);
    const [cardinal] = suppliers;
    expect(cardinal?.shipped).toBeNull();
    expect(cardinal).toMatchObject({
      confirmed: { counts: { met: { value: 2 }, total: { value: 4 } } },
      overdue: { value: 1 },
      short: { value: 1 },
      billed: { value: 1 },
      overpriced: { value: 1 },
      orders: { value: 4 },
      offContract: { value: 0 },
    });
    for (const { supplier: _, confirmed, shipped, received, commitments, ...figures } of suppliers) {
      for (const { href, value } of Object.values(figures)) expect(await count(href)).toBe(value);
      for (const { lines } of commitments) expect(await count(lines.href)).toBe(lines.value);
      for (const stage of [confirmed, shipped, received])
        for (const { href, value } of Object.values(stage?.counts ?? {})) expect(await count(href)).toBe(value);
    }
    const total = all?.received?.counts.total;
    expect(legPage.parse(await tower.get(total?.href ?? "")).items).toHaveLength(total?.value ?? -1);
    expect(all?.orders.value).toBe(6);
  });

  test("pharmacy sees what is below par, and what is on the way by the surest statement", async () => {
    const { standing, because } = await pharmacy();
    expect(because).toBeNull();
    const { critical, ...figures } = standing ?? {};
    const values = Object.entries(figures).map(([name, figure]) => [name, figure.value]);
    expect(values.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(4);
    for (const { href, value } of Object.values(figures)) expect(await count(href)).toBe(value);
    expect(Object.values(critical ?? {}).reduce((sum, { value }) => sum + value, 0)).toBe(2);
    for (const { href, value } of Object.values(critical ?? {})) expect(await count(href)).toBe(value);
    const items = await readPages({
      tower,
      path: "/seats/pharmacy/shortages?limit=2",
      parse: (body) => shortagePage.parse(body),
    });
    // The worst first: what is late before what is not, of these what is critical, then the longest.
    expect(items.map(({ id }) => id)).toEqual(["R-urgent", "R-none", "R-ordered", "R-shipped"]);
    const said = items.map(({ id, item, location, orders, expected, isOrdered }: Shortage) => ({
      id,
      item,
      location,
      orders: orders.map(({ line }) => line),
      expected,
      isOrdered,
    }));
    expect(said.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: "R-none", item: "I1", location: "L-R-none", orders: [], expected: null, isOrdered: false },
      {
        id: "R-ordered",
        item: "I1",
        location: "L-R-ordered",
        orders: ["1/10"],
        expected: { on: "2026-03-15", basis: "order", isOver: true },
        isOrdered: true,
      },
      {
        id: "R-shipped",
        item: "I1",
        location: "L-R-shipped",
        orders: ["2/10"],
        expected: { on: "2026-03-21", basis: "ship_notice", isOver: false },
        isOrdered: true,
      },
      { id: "R-urgent", item: "I1", location: "L-R-urgent", orders: [], expected: null, isOrdered: false },
    ]);
    expect(items.find(({ id }) => id === "R-shipped")).toMatchObject({
      onHand: { value: "2", unit: "EA" },
      par: { value: "10", unit: "EA" },
      orders: [{ promisedOn: "2026-03-23", lineStatus: "IA", shipment: "SH1", supplier: "CARDINAL" }],
    });
  });

  test("who sees other domains is told so, and sees no figure", async () => {
    const pharmacist = await tower.createKey({ scope: { sites: "*", domains: ["pharmacy"] } });
    expect((await finance("", pharmacist)).because).toContain("erp, procurement, receiving");
    expect((await procurement("", pharmacist)).all).toBeNull();
    const { items } = shortagePage.parse(await tower.get("/seats/pharmacy/shortages", pharmacist));
    expect(items).toHaveLength(4);
    expect(items.map(({ orders, isOrdered }) => [orders, isOrdered])).toEqual(items.map(() => [[], null]));
    const payer = await tower.createKey({ scope: { sites: "*", domains: ["erp"] } });
    expect((await pharmacy("", payer)).because).toContain("domain pharmacy");
    const elsewhere = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
    expect((await finance("", elsewhere)).because).toContain("none has arrived");
    expect(positionPage.parse(await tower.get("/positions", elsewhere)).items).toEqual([]);
  });
});
