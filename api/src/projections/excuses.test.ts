import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { listCurrentLegs } from "./engine/leg-store.ts";
import { readRawRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { acknowledged, at, issued, orderFlow, orderModel } from "./legs/order-flow.fixture.ts";
import { judgeWorld } from "./oracle.fixture.ts";
import { type LegProjector, openProjector } from "./projector.ts";
import { expectRollupsToTie } from "./rollups-tie.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";
import { type StoredWindow, storeWindow } from "./stored-windows.fixture.ts";
import { approvedWindows, worlds } from "./world.fixture.ts";

const LATER = at("00:00") + 2 * 86_400_000;
const LINE = "4500000001/10";

/** The same flow twice; in the second the law sets when an order has to be acknowledged. */
const lawful = {
  ...orderFlow,
  id: "lawful",
  legs: orderFlow.legs.map((leg) =>
    leg.id === "acknowledgement" ? { ...leg, statutory: { citation: "21 CFR 1305", title: "Orders" } } : leg,
  ),
};
const pack: Pack = {
  flows: new Map([orderFlow, lawful].map((flow) => [flow.id, flow])),
  ruleVersions: new Map([orderFlow, lawful].map((flow) => [flow.id, "v1"])),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [{ source: "*", watermark: "arrival", lag: "PT0S" }],
};

let directory: string;
let engine: LocalEngine;
let connection: StoreConnection;
let client: ClickHouseClient;
let now = LATER;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-excuses-"));
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  connection = engine.connection;
  await prepareStore(connection);
  client = createWriter(connection);
  await client.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  now = LATER;
  await clearStore(client);
});

const open = () => openProjector({ connection, pack, now: () => now });

async function project(projector?: LegProjector) {
  const opened = projector ?? (await open());
  while (await opened.advance());
  if (!projector) await opened.close();
}

const window = (change: Partial<StoredWindow> & { from: number }): StoredWindow => ({
  id: "w1",
  version: 2,
  kind: "excuse",
  state: "approved",
  until: undefined,
  ...change,
});

async function findLeg(leg = "acknowledgement", flow = "order") {
  const model = { ...orderModel, id: flow };
  const legs = await listCurrentLegs(client, model, { instanceIds: [LINE], before: Number.MAX_SAFE_INTEGER });
  return legs.find((row) => row.leg === leg);
}

async function listVerdicts(flow = "order", leg = "acknowledgement") {
  const rows = await readRawRows(client, {
    caller: "test",
    sql: "SELECT verdict FROM leg_verdicts WHERE flow = {flow: String} AND leg = {leg: String} ORDER BY batch",
    values: { flow, leg },
  });
  return rows.map(([verdict]) => verdict);
}

const store = (facts: readonly Fact[], batch = 1, first = 1) => storeBatch(client, facts, { log: "a", batch, first });

describe("an approved excuse", () => {
  it("L6: corrects a breach after the fact, keeps both verdicts and gives the error budget back", async () => {
    now = at("14:30");
    await store([issued(at("10:00"))]);
    const projector = await open();
    await project(projector);
    expect(await findLeg()).toMatchObject({ verdict: "BREACHED", dueAt: at("14:00") });
    await storeWindow(client, window({ from: at("11:00"), until: at("12:30") }));
    now += 1;
    await project(projector);
    expect(await findLeg()).toMatchObject({ verdict: "OPEN", dueAt: at("15:30"), moves: [{ id: "w1", version: 2 }] });
    await storeWindow(client, window({ id: "w2", from: at("12:00"), until: at("13:00") }));
    now += 1;
    await project(projector);
    expect(await findLeg()).toMatchObject({ verdict: "OPEN", dueAt: at("16:00"), excusedMs: 2 * 3_600_000 });
    expect(await listVerdicts()).toEqual(["BREACHED", "OPEN", "OPEN"]);
    await expectRollupsToTie(client);
    await projector.close();
  });

  it("makes a late end a met one, and the breach comes back when it is withdrawn", async () => {
    await store([issued(at("10:00")), acknowledged(at("15:00"))]);
    await project();
    await storeWindow(client, window({ from: at("11:00"), until: at("12:30") }));
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "MET", dueAt: at("15:30") });
    await storeWindow(client, window({ version: 3, state: "withdrawn", from: at("11:00"), until: at("12:30") }));
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "BREACHED", dueAt: at("14:00"), moves: [] });
    expect(await listVerdicts()).toEqual(["BREACHED", "MET", "BREACHED"]);
    await expectRollupsToTie(client);
  });

  it("does nothing before it is approved, and nothing to what the law sets", async () => {
    await store([issued(at("10:00")), acknowledged(at("15:00"))]);
    await project();
    const times = { from: at("11:00"), until: at("12:30") };
    await storeWindow(client, window({ ...times, version: 1, state: "requested" }));
    await storeWindow(client, window({ ...times, id: "w2", version: 2, state: "rejected" }));
    await project();
    expect(await listVerdicts()).toEqual(["BREACHED"]);
    await storeWindow(client, window(times));
    await project();
    expect(await listVerdicts()).toEqual(["BREACHED", "MET"]);
    expect(await listVerdicts("lawful")).toEqual(["BREACHED"]);
    expect(await findLeg("first-receipt", "lawful")).toMatchObject({ dueAt: at("21:30") });
  });

  it("is for the site, the supplier, the leg and the source that it names", async () => {
    const times = { from: at("11:00"), until: at("12:30") };
    const acme = [
      { type: "purchase_order_line", id: LINE },
      { type: "supplier", id: "ACME" },
    ];
    let first = await store([issued(at("10:00"), { objects: acme }), acknowledged(at("15:00"), { source: "edi" })]);
    await storeWindow(client, window({ ...times, id: "site", site: "south" }));
    await storeWindow(client, window({ ...times, id: "supplier", supplier: "BRAVO" }));
    await storeWindow(client, window({ ...times, id: "leg", flow: "order", leg: "first-receipt" }));
    await storeWindow(client, window({ ...times, id: "source", source: "erp" }));
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "BREACHED", moves: [] });
    expect(await findLeg("first-receipt")).toMatchObject({ moves: [{ id: "leg" }] });
    await storeWindow(client, window({ ...times, id: "right", site: "north", supplier: "ACME", source: "edi" }));
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "MET", moves: [{ id: "right" }] });
    expect(await findLeg("first-receipt")).toMatchObject({ moves: [{ id: "leg" }] });
    first = await store([acknowledged(at("16:00"), { source: "erp" })], 2, first);
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "MET", moves: [{ id: "right" }, { id: "source" }] });
  });
});

describe("a pause", () => {
  it("holds a leg without a deadline until it is ended", async () => {
    now = at("12:00");
    await store([issued(at("10:00"))]);
    await storeWindow(client, window({ kind: "pause", from: at("11:00") }));
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "PAUSED", dueAt: undefined });
    now = at("23:00");
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "PAUSED" });
    await storeWindow(
      client,
      window({ kind: "pause", version: 3, state: "ended", from: at("11:00"), until: at("12:00") }),
    );
    await project();
    expect(await findLeg()).toMatchObject({ verdict: "BREACHED", dueAt: at("15:00"), moves: [{ version: 3 }] });
    await expectRollupsToTie(client);
  });
});

describe("a window over many legs", () => {
  it("is taken up in several steps, and goes on after a restart", async () => {
    const lines = Array.from({ length: 2500 }, (_, index) => [{ type: "purchase_order_line", id: `9/${index}` }]);
    await store(lines.map((objects) => issued(at("10:00"), { objects })));
    await project();
    await storeWindow(client, window({ from: at("11:00"), until: at("12:30"), flow: "order", leg: "acknowledgement" }));
    const projector = await open();
    await projector.advance();
    expect(projector.state.touches).toMatchObject([{ after: { flow: "order", id: expect.stringContaining("9/") } }]);
    await projector.close();
    await project();
    const [row] = await readRawRows(client, {
      caller: "test",
      sql: "SELECT uniqExact(instance_id), count() FROM leg_verdicts WHERE leg = 'acknowledgement' AND moves != ''",
    });
    expect(row).toEqual([2500, 2500]);
    await expectRollupsToTie(client);
  });

  it("gives the same rows once when the step that took it up was interrupted", async () => {
    await store([issued(at("10:00")), acknowledged(at("15:00"))]);
    await project();
    await storeWindow(client, window({ from: at("11:00"), until: at("12:30") }));
    await project();
    await client.command({
      query:
        "DELETE FROM projection_steps WHERE phase = 'commit' AND batch = (SELECT max(batch) FROM projection_steps)",
    });
    await project();
    expect(await listVerdicts()).toEqual(["BREACHED", "MET"]);
    const uses = await readRawRows(client, { caller: "test", sql: "SELECT id, version, in_force FROM excuse_uses" });
    expect(uses).toEqual([["w1", 2, 1]]);
    await expectRollupsToTie(client);
  });
});

/** Windows by id, each approved, and some then withdrawn or approved again with another end. */
const histories = fc.record({
  world: worlds,
  windows: approvedWindows,
  withdrawn: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  cuts: fc.array(fc.record({ size: fc.integer({ min: 1, max: 8 }), restart: fc.boolean() }), { maxLength: 6 }),
});

it("gives the oracle's verdicts whenever windows are approved or withdrawn among the events", async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ world, windows, withdrawn, cuts }) => {
      await clearStore(client);
      const named = windows.map((each, index) => ({ ...each, id: `w${index}`, version: 2 }));
      const versions = named.flatMap((each, index): StoredWindow[] => [
        { ...each, state: "approved" },
        ...(withdrawn[index] === true ? [{ ...each, version: 3, state: "withdrawn" as const }] : []),
      ]);
      let [rest, waiting, first] = [world, versions, 1];
      let projector = await open();
      for (const [index, { size, restart }] of [...cuts, { size: 100, restart: true }].entries()) {
        const facts = rest.slice(0, size);
        rest = rest.slice(size);
        if (facts.length > 0) first = await store(facts, index + 1, first);
        const due = index === cuts.length ? waiting.length : 1;
        for (const version of waiting.slice(0, due)) await storeWindow(client, version);
        waiting = waiting.slice(due);
        await project(projector);
        if (!restart) continue;
        await projector.close();
        projector = await open();
      }
      await project(projector);
      await projector.close();
      const inForce = named.filter((_, index) => withdrawn[index] !== true);
      const judged = judgeWorld(orderModel, world, { now: LATER, windows: inForce });
      expect((await listLegs()).toSorted(byKey)).toEqual(judged.toSorted(byKey));
      await expectRollupsToTie(client);
    }),
    { numRuns: 10 },
  );
}, 240_000);

async function listLegs() {
  const rows = await listCurrentLegs(client, orderModel, {
    instanceIds: ["1/10", "1/20", "2/10"],
    before: Number.MAX_SAFE_INTEGER,
  });
  return rows.map(({ leg, instanceId, verdict, startedAt, endedAt, dueAt, supplier, occurrence }) => ({
    leg,
    instanceId,
    verdict,
    startedAt,
    endedAt,
    dueAt,
    supplier,
    occurrence,
  }));
}

type Keyed = { leg: string; instanceId: string; occurrence: number };
const toKey = ({ leg, instanceId, occurrence }: Keyed) => `${instanceId} ${leg} ${String(occurrence).padStart(3, "0")}`;
const byKey = (a: Keyed, b: Keyed) => (toKey(a) < toKey(b) ? -1 : 1);
