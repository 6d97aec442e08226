import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { readRawRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { acknowledged, at, createFact, issued, orderFlow, received } from "./legs/order-flow.fixture.ts";
import { openProjector } from "./projector.ts";
import { expectRollupsToTie } from "./rollups-tie.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

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
    { source: "/edi", watermark: "heartbeat", lag: "PT5M", heartbeatEvery: "PT1H" },
    { source: "*", watermark: "arrival", lag: "PT0S" },
  ],
};

let directory: string;
let engine: LocalEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-late-proof-"));
  engine = await startLocalEngine({ directory, memoryBytes: 1.5e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
  await client.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => clearStore(client));

const LINE = { objects: [{ type: "purchase_order_line", id: "1/10" }] };
const rows = (sql: string) => readRawRows(client, { caller: "test", sql });

/** An order of 10:00, due at 14:00; at 14:30 its feed is complete up to a time; at 15:10 comes an end of 13:50. */
async function tellLate(watermark: string) {
  let time = at("09:30");
  let next = 1;
  let batch = 0;
  const projector = await openProjector({ connection: engine.connection, pack, now: () => time });
  const arrive = async (...facts: Fact[]) => {
    if (facts.length > 0) next = await storeBatch(client, facts, { log: "a", batch: ++batch, first: next });
    while (await projector.advance());
  };
  const earlier = { objects: [{ type: "purchase_order_line", id: "0/10" }] };
  await arrive(acknowledged(at("09:00"), { source: "/edi", ...earlier }));
  time = at("10:00");
  await arrive(issued(time, { source: "/erp", ...LINE }));
  time = at("14:01");
  await arrive();
  time = at("14:30");
  const attributes = { watermark: new Date(at(watermark)).toISOString() };
  await arrive(createFact({ type: HEARTBEAT_TYPE, source: "/edi", time, site: "", objects: [], attributes }));
  time = at("15:10");
  await arrive(acknowledged(at("13:50"), { source: "/edi", arrivedAt: time, ...LINE }));
  await projector.close();
}

/** The verdicts of the leg from when it was due: what, dated when, decided when. */
const listVerdicts = () =>
  rows(`SELECT verdict, formatDateTime(dated_at, '%H:%i'), formatDateTime(evaluated_at, '%H:%i') FROM leg_verdicts
    WHERE leg = 'acknowledgement' AND instance_id = '1/10' AND evaluated_at >= toDateTime64(${at("14:00") / 1000}, 3, 'UTC')
    ORDER BY batch`);

const countBreached = () =>
  rows("SELECT sum(abs(legs)) FROM leg_rollups WHERE leg = 'acknowledgement' AND verdict = 'BREACHED'");

test("L3: a leg whose feed is behind its deadline is provisional, then met, and no breach is ever counted", async () => {
  await tellLate("13:40");
  expect(await listVerdicts()).toEqual([
    ["OVERDUE_PROVISIONAL", "14:00", "14:01"],
    ["MET", "13:50", "15:10"],
  ]);
  expect(await countBreached()).toEqual([[0]]);
  expect(await rows("SELECT sum(behind) FROM source_lateness")).toEqual([[0]]);
  await expectRollupsToTie(client);
});

test("L4: a leg whose feed is complete beyond its deadline is breached, then met, both are kept and the feed is flagged", async () => {
  await tellLate("14:20");
  expect(await listVerdicts()).toEqual([
    ["OVERDUE_PROVISIONAL", "14:00", "14:01"],
    ["BREACHED", "14:00", "14:30"],
    ["MET", "13:50", "15:10"],
  ]);
  expect(await rows("SELECT source, sum(behind), max(behind_ms) FROM source_lateness GROUP BY source")).toEqual([
    ["/edi", 1, 30 * 60_000],
  ]);
  await expectRollupsToTie(client);
});

const line = (id: string) => ({ objects: [{ type: "purchase_order_line", id }] });

/** Stores batches of a log without projecting them. */
function createLog() {
  let next = 1;
  let batch = 0;
  return async (...facts: Fact[]) => {
    next = await storeBatch(client, facts, { log: "a", batch: ++batch, first: next });
  };
}

test("feeds are complete only up to what is read of them: no leg is late for an end that waits to be read", async () => {
  const now = at("16:00");
  const arrive = createLog();
  const projector = await openProjector({ connection: engine.connection, pack, now: () => now, maxEvents: 3 });
  await arrive(acknowledged(at("08:00"), line("before")));
  for (let index = 0; index < 10; index++) await arrive(issued(at("10:00") + index * 60_000, line(`o${index}`)));
  await arrive(issued(at("10:00"), line("late")));
  for (let index = 0; index < 10; index++) await arrive(acknowledged(at("13:50") + index * 60_000, line(`o${index}`)));
  for (let index = 0; index < 3; index++) await arrive(received(at("15:30"), "100", line(`o${index}`)));
  while (await projector.advance());
  const judged = await rows(`SELECT instance_id, groupUniqArray(verdict), argMax(verdict, batch) FROM leg_verdicts
    WHERE leg = 'acknowledgement' AND instance_id != 'before' GROUP BY instance_id ORDER BY instance_id`);
  expect(judged.map(([id, , last]) => `${String(id)} ${String(last)}`)).toEqual([
    "late BREACHED",
    ...Array.from({ length: 10 }, (_, index) => `o${index} MET`),
  ]);
  const breached = judged.filter(([, verdicts]) => String(verdicts).includes("BREACHED"));
  expect(breached.map(([id]) => id)).toEqual(["late"]);
  expect(judged.some(([, verdicts]) => String(verdicts).includes("OVERDUE_PROVISIONAL"))).toBe(true);
  await projector.close();
});

test("feeds are complete only up to a batch that is not to be seen yet, though what lies behind it is", async () => {
  const projector = await openProjector({ connection: engine.connection, pack, now: () => at("16:00") });
  const arrive = createLog();
  await arrive(acknowledged(at("09:59"), line("before")), issued(at("10:00"), line("o")));
  const behind = [received(at("15:30"), "100", line("o"))];
  await storeBatch(client, behind, { log: "a", batch: 3, first: 4 });
  while (await projector.advance());
  const verdict = () =>
    rows("SELECT argMax(verdict, batch) FROM leg_verdicts WHERE leg = 'acknowledgement' AND instance_id = 'o'");
  expect(await verdict()).toEqual([["OVERDUE_PROVISIONAL"]]);
  await arrive(acknowledged(at("13:00"), line("o")));
  while (await projector.advance());
  expect(await verdict()).toEqual([["MET"]]);
  expect(await rows("SELECT count() FROM leg_verdicts WHERE verdict = 'BREACHED' AND leg = 'acknowledgement'")).toEqual(
    [[0]],
  );
  await projector.close();
});
