import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore, type StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { listCurrentLegs } from "./engine/leg-store.ts";
import { readRawRows } from "./engine/read-rows.ts";
import { at, orderFlow, orderModel } from "./legs/order-flow.fixture.ts";
import { judgeWorld } from "./oracle.fixture.ts";
import { openProjector } from "./projector.ts";
import { storeBatch } from "./stored-facts.fixture.ts";
import { worlds } from "./world.fixture.ts";

const TABLES = ["events", "object_events", "event_identities", "commits", "leg_verdicts", "leg_rollups", "object_links"];
const MORE_TABLES = ["source_activity", "source_states", "contested_identities", "history_snapshots", "projection_steps"];
const NOW = at("00:00") + 2 * 86_400_000;

const pack: Pack = {
  flows: new Map([["order", orderFlow]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  sources: [{ source: "erp", watermark: "arrival", lag: "PT0S" }],
};

let directory: string;
let engine: LocalEngine;
let connection: StoreConnection;
let client: ClickHouseClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-projector-"));
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

async function clear() {
  for (const table of [...TABLES, ...MORE_TABLES]) await client.command({ query: `TRUNCATE TABLE ${table}` });
}

async function project(options: { now?: () => number; maxHeld?: number } = {}) {
  const projector = await openProjector({ connection, pack, now: () => NOW, ...options });
  while (await projector.advance());
  await projector.close();
}

/** Stores the facts in batches of the given sizes over two logs, with a projector that may be started anew between them. */
async function feed(facts: readonly Fact[], splits: readonly { size: number; log: string; restart: boolean }[]) {
  const next: Record<string, number> = {};
  const batches: Record<string, number> = {};
  let rest = facts;
  let projector = await openProjector({ connection, pack, now: () => NOW });
  for (const { size, log, restart } of [...splits, { size: facts.length, log: "a", restart: true }]) {
    const batch = rest.slice(0, size);
    rest = rest.slice(size);
    if (batch.length > 0) {
      batches[log] = (batches[log] ?? 0) + 1;
      next[log] = await storeBatch(client, batch, { log, batch: batches[log], first: next[log] ?? 1 });
    }
    while (await projector.advance());
    if (!restart) continue;
    await projector.close();
    projector = await openProjector({ connection, pack, now: () => NOW });
  }
  await projector.close();
}

async function listLegs() {
  const rows = await listCurrentLegs(client, orderModel, { instanceIds: ["1/10", "1/20", "2/10"], before: Number.MAX_SAFE_INTEGER });
  return rows.map(({ leg, instanceId, verdict, startedAt, endedAt, dueAt }) => ({ leg, instanceId, verdict, startedAt, endedAt, dueAt }));
}

const byKey = (a: { leg: string; instanceId: string }, b: { leg: string; instanceId: string }) =>
  a.instanceId + a.leg < b.instanceId + b.leg ? -1 : 1;

const splits = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 8 }), log: fc.constantFrom("a", "b"), restart: fc.boolean() }),
  { maxLength: 6 },
);

describe("the projector", () => {
  it("gives the oracle's verdicts whatever the order, the repetitions, the batches and the restarts", async () => {
    const histories = worlds.chain((world) =>
      fc.record({ world: fc.constant(world), order: fc.shuffledSubarray(world, { minLength: world.length }), splits }),
    );
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await clear();
        await feed(history.order, history.splits);
        expect((await listLegs()).toSorted(byKey)).toEqual(judgeWorld(orderModel, history.world, NOW).toSorted(byKey));
        await expectRollupsToTie();
      }),
      { numRuns: 25, endOnFailure: false },
    );
  }, 240_000);
});

/** The counts kept along the way equal those counted from the current rows. */
async function expectRollupsToTie() {
  const kept = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, verdict, hour, sum(legs) AS total FROM leg_rollups
      GROUP BY ALL HAVING total != 0 ORDER BY ALL`,
  });
  const counted = await readRawRows(client, {
    caller: "test",
    sql: `SELECT flow, leg, domain, site, criticality, verdict, toStartOfHour(dated_at) AS hour, count() AS total FROM (
        SELECT * FROM leg_verdicts ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
        LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence)
      WHERE is_removed = 0 GROUP BY ALL ORDER BY ALL`,
  });
  expect(kept).toEqual(counted);
}
