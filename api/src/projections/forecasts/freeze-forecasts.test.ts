import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Cohort } from "../../forecasts/cohort.ts";
import { countCohorts as countPlainly } from "../../forecasts/count-cohorts.fixture.ts";
import { insertLegChanges } from "../engine/leg-store.ts";
import { readRawRows } from "../engine/read-rows.ts";
import { createRollupChanges, insertRollups } from "../engine/rollups.ts";
import type { LegRow } from "../legs/leg-row.ts";
import { countCohorts } from "./count-cohorts.ts";
import { toPlaceKey } from "./forecast-steps.ts";
import { createForecaster } from "./freeze-forecasts.ts";
import { DAY, HOUR, listUsualLegs, NOW, PACK, sketch, toRow, WORKING_TIMES, ZONE } from "./usual-legs.fixture.ts";

let directory: string;
let engine: LocalEngine;
let client: ClickHouseClient;
let stored = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-forecasts-"));
  engine = await startLocalEngine({ directory, memoryBytes: 1.5e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  for (const table of ["leg_verdicts", "leg_rollups", "projection_steps", "commits", "forecast_steps", "leg_forecasts"])
    await client.command({ query: `TRUNCATE TABLE ${table}` });
});

/** Stores verdicts as the projection would, in one finished step. */
async function storeLegs(rows: readonly LegRow[], step: { batch: number; now: number }) {
  const changes = rows.map((row) => ({ row, isRemoved: false }));
  await insertLegChanges(client, step, { changes, token: `legs:${++stored}` });
  const rollups = createRollupChanges(step.now);
  for (const row of rows) rollups.add(row, 1);
  await insertRollups(client, rollups, `rollups:${stored}`);
  await finishStep(step);
}

async function finishStep({ batch, now, read = batch }: { batch: number; now: number; read?: number }) {
  const body = JSON.stringify({ cursors: { g: { batch: read, nextPosition: read + 1 } }, readUntil: now });
  await client.insert({
    table: "projection_steps",
    values: [{ projector: "legs", shard: 0, batch, phase: "commit", now, body, recorded_at: now }],
    format: "JSONEachRow",
  });
  await commitBatch(now - 1000, batch);
}

async function commitBatch(committedAt: number, batch: number) {
  await client.insert({
    table: "commits",
    values: [{ log: "g", batch, first_position: batch, last_position: batch, events: 1, committed_at: committedAt }],
    format: "JSONEachRow",
  });
}

const readCurves = () => readRawRows(client, { caller: "test", sql: "SELECT * FROM leg_forecasts ORDER BY ALL" });
const byGroup = (cohorts: readonly Cohort[]) =>
  Object.fromEntries(cohorts.map((cohort) => [[cohort.site, cohort.supplier, cohort.hours].join("|"), cohort]));

describe("counting how legs went on", () => {
  it("counts in the store what counting them one by one gives", async () => {
    const until = NOW - 5 * 60_000;
    const sites = { north: NOW - DAY };
    const places = { [toPlaceKey({ site: "north", supplier: "acme" })]: NOW - 2 * DAY };
    const since = NOW - 15 * DAY;
    const property = fc.asyncProperty(fc.array(sketch, { minLength: 50, maxLength: 300 }), async (sketches) => {
      await client.command({ query: "TRUNCATE TABLE leg_verdicts" });
      const rows = [...new Map(sketches.map((each) => [each.id, toRow(each)])).values()];
      const replaced = rows.map((row) => ({ ...row, verdict: "OPEN" as const, site: "elsewhere" }));
      await storeLegs(replaced, { batch: 1, now: NOW });
      await storeLegs(rows, { batch: 2, now: NOW });
      await storeLegs(replaced, { batch: 3, now: NOW });
      for (const name of ["", "business"]) {
        const question = {
          flow: "order",
          leg: "receipt",
          calendar: name,
          ceiling: 2,
          since,
          frozenAt: NOW,
          until,
          sites,
          places,
          zone: ZONE,
        };
        const counted = await countCohorts(client, { ...question, working: WORKING_TIMES.get(name) });
        const known = rows.filter((row) => row.calendar === name && (row.startedAt ?? 0) >= since);
        const plain = countPlainly(known, { until, sites, places, zone: ZONE, workingTimes: WORKING_TIMES });
        expect(byGroup(counted)).toEqual(byGroup(plain));
      }
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  }, 60_000);
});

describe("freezing curves", () => {
  const forecaster = (now = NOW) => createForecaster({ client, pack: PACK, now: () => now });

  it("freezes a flow once a day and never again", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW });
    expect(await forecaster().freezeDue()).toEqual(["order"]);
    const frozen = await readCurves();
    expect(frozen.length).toBeGreaterThan(3);
    await storeLegs(
      listUsualLegs().map((row) => ({ ...row, verdict: "BREACHED" })),
      { batch: 11, now: NOW },
    );
    expect(await forecaster(NOW + 8 * HOUR).freezeDue()).toEqual([]);
    expect(await readCurves()).toEqual(frozen);
  });

  it("freezes anew on the next day and keeps the day before", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW });
    await forecaster().freezeDue();
    const first = await readCurves();
    await storeLegs(listUsualLegs(NOW + DAY), { batch: 11, now: NOW + DAY });
    expect(await forecaster(NOW + DAY).freezeDue()).toEqual(["order"]);
    const both = await readCurves();
    expect(both).toEqual(expect.arrayContaining(first));
    expect(both.length).toBeGreaterThan(first.length);
  });

  it("finishes a step that a crash interrupted with what was known when it began", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW });
    await forecaster().freezeDue();
    const whole = await readCurves();
    const dropCommit = "ALTER TABLE forecast_steps DELETE WHERE phase = 'commit' SETTINGS mutations_sync = 1";
    await client.command({ query: dropCommit });
    await client.command({ query: "TRUNCATE TABLE leg_forecasts" });
    await storeLegs(
      listUsualLegs().map((row) => ({ ...row, verdict: "BREACHED" })),
      { batch: 11, now: NOW },
    );
    expect(await forecaster(NOW + 2 * DAY).freezeDue()).toContain("order");
    const first = (await readCurves()).filter((row) => row[1] === "2026-03-20");
    expect(first).toEqual(whole);
  });

  it("stores curves once when a crash came after them", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW });
    await forecaster().freezeDue();
    const whole = await readCurves();
    const dropCommit = "ALTER TABLE forecast_steps DELETE WHERE phase = 'commit' SETTINGS mutations_sync = 1";
    await client.command({ query: dropCommit });
    expect(await forecaster().freezeDue()).toEqual(["order"]);
    expect(await readCurves()).toEqual(whole);
  });

  it("waits while events are still to be evaluated", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW - 10 * 60_000 });
    await commitBatch(NOW - 5 * 60_000, 99);
    expect(await forecaster().freezeDue()).toEqual([]);
    // What was worked on last does not tell what has been read.
    await finishStep({ batch: 12, now: NOW, read: 10 });
    expect(await forecaster().freezeDue()).toEqual([]);
    await finishStep({ batch: 13, now: NOW, read: 99 });
    expect(await forecaster().freezeDue()).toEqual(["order"]);
  });

  it("waits for a leg of the last hour, and for enough of them", async () => {
    await storeLegs(listUsualLegs(), { batch: 10, now: NOW });
    expect(await forecaster(NOW + 3 * HOUR).freezeDue()).toEqual([]);
    await client.command({ query: "TRUNCATE TABLE leg_rollups" });
    await storeLegs(listUsualLegs().slice(0, 9), { batch: 11, now: NOW });
    expect(await forecaster().freezeDue()).toEqual([]);
  });
});
