import type { ClickHouseClient } from "@clickhouse/client";

import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { listCurrentLegs } from "./engine/leg-store.ts";
import { createLegStepLog } from "./engine/leg-plan.ts";
import { readRawRows } from "./engine/read-rows.ts";
import { acknowledged, at, changed, createFact, issued, orderModel, received } from "./legs/order-flow.fixture.ts";
import { LATER, ORDER_PACK, type ProjectedStore, openProjectedStore } from "./projected-store.fixture.ts";
import { type ProjectorOptions, openProjector } from "./projector.ts";
import { expectRollupsToTie } from "./rollups-tie.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

let projected: ProjectedStore;
let connection: StoreConnection;
let client: ClickHouseClient;

beforeAll(async () => {
  projected = await openProjectedStore();
  ({ connection, client } = projected);
});

afterAll(() => projected.close());

const clear = () => clearStore(client);

const project = (options: Partial<ProjectorOptions> = {}) => projected.project(options);

describe("the projector", () => {
  it("finishes a step that a crash interrupted with the same rows, once", async () => {
    await clear();
    await storeBatch(client, [issued(at("10:00")), acknowledged(at("10:05"))], { log: "a", batch: 1, first: 1 });
    const steps = createLegStepLog(client, { index: 0, count: 1 });
    const plan = {
      cursors: { a: { batch: 1, nextPosition: 3 } },
      deferred: [],
      complete: {},
      sourceWatermarks: {},
      feeds: {},
      silences: [],
      windows: [],
      touches: [],
      restated: [],
      carried: {},
    };
    await steps.begin({ batch: 7, now: LATER }, plan);
    const crashed = await openProjector({ connection, pack: ORDER_PACK, now: () => LATER });
    await crashed.close();
    await client.command({ query: "DELETE FROM projection_steps WHERE phase = 'commit'" });
    await project();
    const rows = await readRawRows(client, {
      caller: "test",
      sql: "SELECT leg, count() FROM leg_verdicts WHERE flow = 'order' GROUP BY leg ORDER BY leg",
    });
    expect(rows).toEqual([
      ["acknowledgement", 1],
      ["complete-receipt", 1],
      ["first-receipt", 1],
      ["shipment", 1],
    ]);
    await expectRollupsToTie(client);
  });

  it("waits for a batch that became visible after the one behind it", async () => {
    await clear();
    await storeBatch(client, [acknowledged(at("10:05"))], { log: "a", batch: 2, first: 2 });
    await project();
    const list = () =>
      listCurrentLegs(client, orderModel, { instanceIds: ["4500000001/10"], before: Number.MAX_SAFE_INTEGER });
    expect(await list()).toEqual([]);
    await storeBatch(client, [issued(at("10:00"), LINE)], { log: "a", batch: 1, first: 1 });
    await project();
    expect((await list()).find(({ leg }) => leg === "acknowledgement")).toMatchObject({ verdict: "MET" });
  });

  it("advances what falls due without its history, and holds what is due later for then", async () => {
    await clear();
    let time = at("10:01");
    const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => time });
    const verdict = async () => {
      while (await projector.advance());
      const [leg] = await listCurrentLegs(
        client,
        { ...orderModel, legs: orderModel.legs.slice(0, 1) },
        { instanceIds: ["4500000001/10"], before: Number.MAX_SAFE_INTEGER },
      );
      return leg?.verdict;
    };
    await storeBatch(client, [issued(at("10:00"), LINE)], { log: "a", batch: 1, first: 1 });
    expect(await verdict()).toBe("OPEN");
    time = at("13:12");
    expect(await verdict()).toBe("AT_RISK");
    time = at("14:00");
    expect(await verdict()).toBe("AT_RISK");
    time = at("14:00:00.002");
    expect(await verdict()).toBe("OVERDUE_PROVISIONAL");
    time = at("14:05:00.001");
    expect(await verdict()).toBe("BREACHED");
    await projector.close();
    await expectRollupsToTie(client);
  });

  it("evaluates an object in more than a thousand instances over several steps, and goes on after a restart", async () => {
    await clear();
    const lines = Array.from({ length: 2500 }, (_, index) => ({ type: "purchase_order_line", id: `9/${index}` }));
    const order = { type: "shipment", id: "big" };
    const orders = lines.map((line) => issued(at("10:00"), { objects: [line, order] }));
    const shipped = createFact({ type: "supplier.shipment.sent", time: at("12:00"), objects: [order] });
    const acknowledgements = lines.map((line) => acknowledged(at("11:00"), { objects: [line] }));
    const first = await storeBatch(client, [...orders, ...acknowledgements], { log: "a", batch: 1, first: 1 });
    await storeBatch(client, [shipped], { log: "a", batch: 2, first });
    const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => LATER, maxEvents: 5000 });
    await projector.advance();
    await projector.advance();
    expect(projector.state.deferred).toMatchObject([
      { flow: "order", id: "big" },
      { flow: "order-again", id: "big" },
    ]);
    await projector.close();
    await project();
    const [row] = await readRawRows(client, {
      caller: "test",
      sql: "SELECT uniqExact(instance_id) FROM leg_verdicts WHERE leg = 'shipment' AND verdict = 'MET'",
    });
    expect(row).toEqual([2500]);
  });

  it("folds a history of more than a thousand events and takes it up again, whatever arrives late", async () => {
    await clear();
    const minute = (count: number) => at("08:00") + count * 1000;
    const receipts = Array.from({ length: 2600 }, (_, index) =>
      received(minute(10 + index), "0.01", { ...LINE, id: `receipt-${index}` }),
    );
    const order = issued(at("08:00"), { ...LINE, measures: { quantity: { value: "52", unit: "EA" } } });
    const change = changed(minute(1), { ...LINE, measures: { quantity: { value: "26", unit: "EA" } } });
    let first = 1;
    let batch = 0;
    for (let start = 0; start < receipts.length; start += 650) {
      const facts = [...(start === 0 ? [order, change] : []), ...receipts.slice(start, start + 650)];
      first = await storeBatch(client, facts, { log: "a", batch: ++batch, first });
      await project();
    }
    const [folded] = await readRawRows(client, { caller: "test", sql: "SELECT count() > 0 FROM history_snapshots" });
    expect(folded).toEqual([1]);
    expect(await findComplete()).toMatchObject({ verdict: "MET", endedAt: minute(10 + 2469) });
    const early = received(minute(5), "1.00", { ...LINE, id: "early" });
    first = await storeBatch(client, [early], { log: "a", batch: ++batch, first });
    await project();
    expect(await findComplete()).toMatchObject({ endedAt: minute(10 + 2369) });
    const reversal = createFact({
      type: "erp.goods_receipt.reversed",
      time: minute(4000),
      reverses: { source: "erp", id: "early" },
    });
    await storeBatch(client, [reversal], { log: "a", batch: ++batch, first });
    await project();
    // Enough stood without it all the time: nothing was open again.
    expect(await findComplete()).toMatchObject({ endedAt: minute(10 + 2469), flags: [] });
  });

  it("shares the instances among shards without a gap or an overlap", async () => {
    await clear();
    const orders = Array.from({ length: 40 }, (_, index) =>
      issued(at("10:00"), { objects: [{ type: "purchase_order_line", id: `7/${index}` }] }),
    );
    await storeBatch(client, orders, { log: "a", batch: 1, first: 1 });
    const counts: number[] = [];
    for (const index of [0, 1, 2]) {
      await project({ shard: { index, count: 3 } });
      const [row] = await readRawRows(client, {
        caller: "test",
        sql: "SELECT count() FROM leg_verdicts WHERE flow = 'order' AND leg = 'acknowledgement'",
      });
      counts.push(Number(row?.[0]));
    }
    expect(counts.at(-1)).toBe(40);
    expect(counts[0]).toBeGreaterThan(5);
    await expectRollupsToTie(client);
  });

  it("judges legs by quantity again when the units of an item are stated, in whatever order all of it comes", async () => {
    const goods = (value: string, unit: string) => ({
      measures: { quantity: { value, unit } },
      objects: [...LINE.objects, ITEM],
    });
    const order = issued(at("08:00"), goods("5", "CS"));
    const receipt = received(at("12:00"), "0", goods("120", "EA"));
    const first = units("1 CS = 24 EA", at("20:00"), { effective_from: "2026-01-01" });
    const mended = units("1 CS = 40 EA", at("21:00"), { effective_from: "2026-05-01" });
    const [short, met] = [
      { verdict: "BREACHED", flags: ["unit-unknown"] },
      { verdict: "MET", endedAt: at("12:00") },
    ];
    const final = { verdict: "BREACHED", endedAt: undefined, flags: [] };
    for (const course of [
      [{ fact: order }, { fact: receipt, leg: short }, { fact: first, leg: met }, { fact: mended, leg: final }],
      [{ fact: mended }, { fact: receipt }, { fact: order, leg: final }, { fact: first, leg: final }],
      [{ fact: first }, { fact: order }, { fact: mended, leg: final }, { fact: receipt, leg: final }],
    ]) {
      await clear();
      let next = 1;
      const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => LATER });
      for (const [index, { fact, leg = {} }] of course.entries()) {
        next = await storeBatch(client, [fact], { log: "a", batch: index + 1, first: next });
        while (await projector.advance());
        expect((await findComplete()) ?? {}).toMatchObject(leg);
      }
      await projector.close();
      await expectRollupsToTie(client);
    }
  });

  it("goes through more than a thousand instances that used an item over several steps", async () => {
    await clear();
    const orders = Array.from({ length: 1100 }, (_, index) => {
      const objects = [{ type: "purchase_order_line", id: `5/${index}` }, ITEM];
      const of = (value: string, unit: string) => ({ measures: { quantity: { value, unit } }, objects });
      return [issued(at("08:00"), of("5", "CS")), received(at("12:00"), "0", of("120", "EA"))];
    });
    const next = await storeBatch(client, orders.flat(), { log: "a", batch: 1, first: 1 });
    await project();
    await storeBatch(client, [units("1 CS = 24 EA", at("20:00"))], { log: "a", batch: 2, first: next });
    const projector = await openProjector({ connection, pack: ORDER_PACK, now: () => LATER });
    await projector.advance();
    expect(projector.state.restated).toMatchObject([{ item: ITEM.id, after: { flow: "order" } }]);
    await projector.close();
    await project();
    const [row] = await readRawRows(client, {
      caller: "test",
      sql: "SELECT uniqExact(flow, instance_id) FROM leg_verdicts WHERE leg = 'complete-receipt' AND verdict = 'MET'",
    });
    expect(row).toEqual([2200]);
    await expectRollupsToTie(client);
  });
});

const ITEM = { type: "item", id: "00093415573" };

/** What the ERP says of the units of the item from its own day on, or from a stated one. */
function units(equation: string, time: number, attributes: { effective_from?: string } = {}) {
  return createFact({
    type: "erp.item.changed",
    time,
    objects: [ITEM],
    attributes: { units: [equation], ...attributes },
  });
}

const LINE = { objects: [{ type: "purchase_order_line", id: "4500000001/10" }] };

async function findComplete() {
  const legs = await listCurrentLegs(client, orderModel, {
    instanceIds: ["4500000001/10"],
    before: Number.MAX_SAFE_INTEGER,
  });
  return legs.find(({ leg }) => leg === "complete-receipt");
}
