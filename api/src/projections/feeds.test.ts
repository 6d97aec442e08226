import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import { BATCH_TYPE, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { readRawRows } from "./engine/read-rows.ts";
import { createLegStepLog } from "./engine/leg-plan.ts";
import type { Fact } from "./fact.ts";
import { acknowledged, at, createFact, issued, orderFlow } from "./legs/order-flow.fixture.ts";
import { openProjector, type LegProjector } from "./projector.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

const MINUTE = 60_000;

const pack: Pack = {
  flows: new Map([["order", orderFlow]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [
    { source: "/edi/*", watermark: "heartbeat", lag: "PT5M", silentAfter: "PT15M" },
    { source: "/numbered", watermark: "sequence", lag: "PT5M", gapPatience: "PT10M" },
    { source: "*", watermark: "arrival", lag: "PT0S" },
  ],
};

let directory: string;
let engine: LocalEngine;
let connection: StoreConnection;
let client: ClickHouseClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-feeds-"));
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  connection = engine.connection;
  await prepareStore(connection);
  client = createWriter(connection);
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  await clearStore(client);
  next = 1;
  batch = 0;
});

let next = 1;
let batch = 0;
const arrive = async (...facts: (Fact & { sequence?: number })[]) => {
  next = await storeBatch(client, facts, { log: "a", batch: ++batch, first: next });
};
const rows = (sql: string) => readRawRows(client, { caller: "test", sql });
const settle = async (projector: LegProjector) => {
  while (await projector.advance());
};
const line = (id: string, site: string) => ({ objects: [{ type: "purchase_order_line", id }], site });
const heartbeat = (source: string, time: number, watermark: number) =>
  createFact({
    type: HEARTBEAT_TYPE,
    domain: "throughline",
    source,
    time,
    site: "",
    objects: [],
    attributes: { watermark: new Date(watermark).toISOString() },
  });

describe("feeds in the projection", () => {
  it("judge a leg by the watermark of those that can carry its end for its site", async () => {
    let time = at("14:30");
    const projector = await openProjector({ connection, pack, now: () => time });
    await arrive(
      acknowledged(at("09:00"), { source: "/edi/NORTH", ...line("n0", "north") }),
      acknowledged(at("09:00"), { source: "/edi/SOUTH", ...line("s0", "south") }),
      heartbeat("/edi/NORTH", at("14:29"), at("14:20")),
      heartbeat("/edi/SOUTH", at("14:29"), at("13:40")),
    );
    await settle(projector);
    await arrive(
      issued(at("10:00"), { source: "/erp", ...line("n", "north") }),
      issued(at("10:00"), { source: "/erp", ...line("s", "south") }),
    );
    await settle(projector);
    const verdicts = () =>
      rows(`SELECT instance_id, argMax(verdict, batch) FROM leg_verdicts
        WHERE leg = 'acknowledgement' AND instance_id IN ('n', 's') GROUP BY instance_id ORDER BY instance_id`);
    expect(await verdicts()).toEqual([
      ["n", "BREACHED"],
      ["s", "OVERDUE_PROVISIONAL"],
    ]);
    time = at("15:10");
    await arrive(
      acknowledged(at("13:50"), { source: "/edi/NORTH", arrivedAt: time, ...line("n", "north") }),
      acknowledged(at("13:50"), { source: "/edi/SOUTH", arrivedAt: time, ...line("s", "south") }),
    );
    await settle(projector);
    expect(await verdicts()).toEqual([
      ["n", "MET"],
      ["s", "MET"],
    ]);
    expect(await rows("SELECT source, sum(behind), max(behind_ms) FROM source_lateness GROUP BY source")).toEqual([
      ["/edi/NORTH", 1, 30 * MINUTE],
    ]);
    await projector.close();
  });

  it("hold up and vouch for the legs of their own supplier only, also of one that becomes known late", async () => {
    let time = at("09:01");
    const projector = await openProjector({ connection, pack, now: () => time });
    const of = (id: string, supplier?: string) => ({
      ...line(id, "north"),
      objects: [
        { type: "purchase_order_line", id },
        ...(supplier === undefined ? [] : [{ type: "supplier", id: supplier }]),
      ],
    });
    await arrive(
      acknowledged(at("09:00"), { source: "/edi/ACME", ...of("a0", "ACME") }),
      acknowledged(at("09:00"), { source: "/edi/BRAVO", ...of("b0", "BRAVO") }),
      heartbeat("/edi/ACME", at("09:00"), at("09:00")),
      heartbeat("/edi/BRAVO", at("09:00"), at("09:00")),
    );
    await settle(projector);
    time = at("14:30");
    await arrive(
      issued(at("10:00"), { source: "/erp", ...of("acme", "ACME") }),
      issued(at("10:00"), { source: "/erp", ...of("bravo", "BRAVO") }),
      issued(at("10:00"), { source: "/erp", ...of("late") }),
      issued(at("10:00"), { source: "/erp", ...of("unknown") }),
      issued(at("10:00"), { source: "/erp", ...of("other", "CORSO") }),
      heartbeat("/edi/BRAVO", at("14:29"), at("14:20")),
    );
    await settle(projector);
    const verdicts = async () =>
      Object.fromEntries(
        (
          await rows(`SELECT instance_id, argMax((verdict, wake_source), batch) FROM leg_verdicts
            WHERE leg = 'acknowledgement' AND instance_id NOT IN ('a0', 'b0') GROUP BY instance_id`)
        ).map(([id, verdict]) => [String(id), verdict]),
      );
    const waiting = ["OVERDUE_PROVISIONAL", "/edi/ACME"];
    const silent = { acme: waiting, late: waiting, unknown: waiting, other: waiting };
    expect(await verdicts()).toEqual({ ...silent, bravo: ["BREACHED", ""] });
    const named = createFact({
      type: "supplier.shipment.sent",
      time: at("14:00"),
      source: "/erp",
      ...of("late", "BRAVO"),
    });
    await arrive(named);
    await settle(projector);
    expect(await verdicts()).toEqual({ ...silent, bravo: ["BREACHED", ""], late: ["BREACHED", ""] });
    time = at("14:40");
    await arrive(heartbeat("/edi/ACME", at("14:39"), at("14:30")));
    await settle(projector);
    expect(new Set(Object.values(await verdicts()).map(String))).toEqual(new Set(["BREACHED,"]));
    await projector.close();
  });

  it("write one interval for an outage, whatever restarts meanwhile, and end it with the first sign of life", async () => {
    let time = at("10:05");
    let projector = await openProjector({ connection, pack, now: () => time });
    await arrive(
      acknowledged(at("10:00"), { source: "/edi/NORTH", ...line("n", "north") }),
      heartbeat("/edi/NORTH", at("10:04"), at("10:02")),
    );
    await settle(projector);
    for (const minute of ["10:19", "10:19:00.001", "10:30", "12:00"]) {
      time = at(minute);
      await settle(projector);
      await projector.close();
      projector = await openProjector({ connection, pack, now: () => time });
    }
    const intervals = () =>
      rows(`SELECT source, toUnixTimestamp64Milli(silent_since), toUnixTimestamp64Milli(blind_from),
        toUnixTimestamp64Milli(blind_until), toUnixTimestamp64Milli(known_at), site FROM blind_intervals ORDER BY batch`);
    const fell = ["/edi/NORTH", at("10:04"), at("10:02"), null, at("10:19:00.001"), "north"];
    expect(await intervals()).toEqual([fell]);
    time = at("12:10");
    await arrive(heartbeat("/edi/NORTH", at("12:09"), at("12:00")));
    await settle(projector);
    expect(await intervals()).toEqual([fell, ["/edi/NORTH", at("10:04"), at("10:02"), at("12:09"), time, "north"]]);
    await projector.close();
  });

  it("are not called silent for signs of life that wait to be read", async () => {
    const projector = await openProjector({ connection, pack, now: () => at("12:00"), maxEvents: 2 });
    for (let minute = 0; minute < 120; minute += 10) {
      const time = at("10:00") + minute * MINUTE;
      await arrive(heartbeat("/edi/NORTH", time, time - MINUTE));
    }
    await settle(projector);
    expect(await rows("SELECT count() FROM blind_intervals")).toEqual([[0]]);
    await projector.close();
  });

  it("list missing numbers as ranges that close as they are filled", async () => {
    const projector = await openProjector({ connection, pack, now: () => at("11:00") });
    const numbered = (sequence: number) =>
      Object.assign(createFact({ type: "erp.x.y", source: "/numbered", time: at("10:00") + sequence * MINUTE }), {
        sequence,
      });
    await arrive(numbered(1), numbered(2), numbered(8));
    await settle(projector);
    await arrive(numbered(5));
    await settle(projector);
    const open = await rows(`SELECT first, last FROM sequence_gaps GROUP BY source, epoch, first, last
      HAVING argMax(state, batch) = 'open' ORDER BY first`);
    expect(open).toEqual([
      [3, 4],
      [6, 7],
    ]);
    await projector.close();
  });

  it("keep what the trailer of a batch says, with what was counted before it", async () => {
    const projector = await openProjector({ connection, pack, now: () => at("11:00") });
    const attributes = { name: "inventory", rows: 10_000, events: 2, watermark: new Date(at("02:00")).toISOString() };
    const trailer = createFact({ type: BATCH_TYPE, source: "/files", time: at("02:05"), objects: [], attributes });
    const row = () => createFact({ type: "erp.x.y", source: "/files", time: at("02:00") });
    await arrive(row(), row(), { ...trailer, measures: { amount: { value: "12.50", currency: "USD" } } }, row());
    await settle(projector);
    expect(await rows("SELECT name, rows, events, counted, totals FROM feed_batches")).toEqual([
      ["inventory", 10_000, 2, 2, '{"amount":{"value":"12.50","currency":"USD"}}'],
    ]);
    await projector.close();
  });

  it("come out the same when a step is repeated after a crash, whatever of it was stored", async () => {
    await arrive(
      acknowledged(at("10:00"), { source: "/edi/NORTH", ...line("n", "north") }),
      heartbeat("/edi/NORTH", at("10:04"), at("10:02")),
    );
    await arrive(
      acknowledged(at("09:55"), { source: "/edi/NORTH", arrivedAt: at("10:40"), ...line("n", "north") }),
      Object.assign(heartbeat("/edi/NORTH", at("10:41"), at("10:39")), { sequence: 4 }),
      Object.assign(heartbeat("/edi/NORTH", at("10:42"), at("10:41")), { sequence: 7 }),
    );
    const dump = async () =>
      Promise.all(
        ["source_types", "feed_states", "blind_intervals", "source_lateness", "sequence_gaps"].map((table) =>
          rows(`SELECT * FROM ${table} ORDER BY ALL`),
        ),
      );
    const projector = await openProjector({ connection, pack, now: () => at("10:45"), maxEvents: 2 });
    await settle(projector);
    await projector.close();
    const whole = await dump();
    const steps = createLegStepLog(client, { index: 0, count: 1 });
    const { last } = await steps.restore();
    for (const table of ["source_lateness", "sequence_gaps"])
      await client.command({ query: `TRUNCATE TABLE ${table}` });
    await client.command({
      query: `DELETE FROM projection_steps WHERE phase = 'commit' AND batch = ${last?.batch ?? 0}`,
    });
    await (await openProjector({ connection, pack, now: () => at("11:30") })).close();
    expect(await dump()).toEqual(whole);
  });
});
