import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { canonicalize } from "@throughline/schemas/pack/canonical";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { orderFlow } from "./legs/order-flow.fixture.ts";
import { evaluateFacts } from "./matches/match-oracle.fixture.ts";
import { toOutcome } from "./matches/cause.ts";
import { needsWork, toFingerprint } from "./matches/fingerprint.ts";
import { toPositionRows } from "./matches/match-positions.ts";
import { type CurrentMatch, type MatchRow, toMatchSlot } from "./matches/match-row.ts";
import { listCurrentMatches, toRollupRows } from "./matches/match-store.ts";
import { T1 } from "./matches/trade.fixture.ts";
import { tradeWorlds } from "./matches/trade-worlds.fixture.ts";
import { openReconciler } from "./reconciler.ts";
import { clearStore } from "./clear-store.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

const pack: Pack = {
  flows: new Map([["order", orderFlow]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" },
  units: [],
  sources: [],
};
const NOW = Date.UTC(2026, 3, 1);
const directory = mkdtempSync(join(tmpdir(), "throughline-matches-"));
let engine: LocalEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
});
afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

/**
 * Projects facts in batches of the given sizes, opening the projector anew where a size is odd. Where the first is even, hardly a
 * history is short enough to be kept, and what has a longer one waits.
 */
async function project(facts: readonly Fact[], sizes: readonly number[]) {
  await clearStore(client);
  let now = NOW;
  const maxHistory = (sizes[0] ?? 1) % 2 === 0 ? 2 : 5000;
  const open = () => openReconciler({ connection: engine.connection, pack, maxHistory, now: () => now });
  let projector = await open();
  let first = 1;
  for (let batch = 1, at = 0; at < facts.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    first = await storeBatch(client, facts.slice(at, at + size), { log: "log", batch, first });
    at += size;
    now += 2;
    while (await projector.advance());
    if (size % 2 === 0) continue;
    await projector.close();
    projector = await open();
  }
  now += 60_000;
  while (await projector.advance());
  await projector.close();
}

async function listStored(facts: readonly Fact[]): Promise<CurrentMatch[]> {
  const subjects = facts.flatMap(({ objects }) => objects);
  return listCurrentMatches(client, { subjects, before: Number.MAX_SAFE_INTEGER });
}

function toComparable(rows: readonly (MatchRow | CurrentMatch)[]): string[] {
  const unique = new Map(rows.map((row) => [toMatchSlot(row), canonicalize({ ...row, batch: 0 })]));
  return [...unique.values()].toSorted();
}

/** What keeps something from being paid, as the store adds it up. */
async function listOpen(): Promise<string[]> {
  const rows = await readRows(client, z.tuple([z.string(), z.number(), z.string(), z.string(), z.number()]), {
    caller: "test",
    sql: `SELECT concat(subject_type, ' ', subject_id, ' ', document, ' ', kind, ' ', order_line, ' ', line) AS slot,
        batch, any(outcome), any(fingerprint), sum(results) AS total
      FROM match_open GROUP BY slot, batch HAVING total != 0`,
  });
  return rows.map((columns) => columns.join(" ")).toSorted();
}

function toOpen(rows: readonly CurrentMatch[]): string[] {
  const unique = new Map(rows.filter(needsWork).map((row) => [toMatchSlot(row), row]));
  return [...unique]
    .map(([slot, { batch, causes }]) =>
      [slot.replaceAll("\u0000", " "), batch, toOutcome(causes), toFingerprint(causes), 1].join(" "),
    )
    .toSorted();
}

const position = z.object({
  order_line: z.string(),
  batch: z.number(),
  currency: z.string(),
  open: z.string(),
  commitment: z.string(),
  uncleared: z.string(),
  uncleared_worth: z.string(),
  short: z.string(),
  is_unknown: z.number(),
  due_on: z.string(),
  ordered_on: z.string(),
});

/** What order lines bind or owe, as the store adds it up; and as their results say it. */
async function listPositions(): Promise<string[]> {
  const names = Object.keys(position.shape);
  const rows = await readRows(client, z.tuple([z.array(z.string())]), {
    caller: "test",
    sql: `SELECT [${names.map((name) => `toString(${name})`).join(", ")}] AS columns FROM match_positions
      GROUP BY ${names.join(", ")} HAVING sum(results) = 1`,
  });
  return rows.map(([columns]) => columns.join(" ")).toSorted();
}

function toPositions(rows: readonly CurrentMatch[]): string[] {
  const unique = new Map(rows.map((row) => [toMatchSlot(row), row]));
  return toPositionRows([...unique.values()].map((after) => ({ before: undefined, after })))
    .map((row) => Object.values(position.parse(row)).join(" "))
    .toSorted();
}

async function countUnbalanced(): Promise<number> {
  const [row] = await readRows(client, z.tuple([z.number()]), {
    caller: "test",
    sql: `SELECT count() FROM (SELECT order_line, batch, sum(results) AS total FROM match_positions GROUP BY order_line, batch HAVING total NOT IN (0, 1))`,
  });
  return row?.[0] ?? -1;
}

async function listRollups(): Promise<string[]> {
  const row = z.tuple([z.string(), z.string(), z.string(), z.string(), z.number()]);
  const rows = await readRows(client, row, {
    caller: "test",
    sql: `SELECT kind, outcome, code, toString(day), sum(results) AS total FROM match_rollups
      GROUP BY kind, outcome, code, day HAVING total != 0 ORDER BY kind, outcome, code, day`,
  });
  return rows.map((columns) => columns.join(" "));
}

test(
  "whatever the batches and restarts, results are those of all facts at once, and counts tie",
  { timeout: 300_000 },
  () =>
    fc.assert(
      fc.asyncProperty(
        tradeWorlds,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        async (facts, sizes) => {
          await project(facts, sizes);
          const expected = evaluateFacts(facts, pack);
          const stored = await listStored(facts);
          expect(toComparable(stored)).toEqual(toComparable(expected));
          expect(await listOpen()).toEqual(toOpen(stored));
          expect(await listPositions()).toEqual(toPositions(stored));
          expect(await countUnbalanced()).toBe(0);
          const counted = toRollupRows(expected.map((after) => ({ before: undefined, after })));
          const totals = new Map<string, number>();
          for (const { kind, outcome, code, day, results } of counted) {
            const key = [kind, outcome, code, day].join(" ");
            totals.set(key, (totals.get(key) ?? 0) + results);
          }
          expect(await listRollups()).toEqual([...totals].map((entry) => entry.join(" ")).toSorted());
        },
      ),
      { numRuns: 15, endOnFailure: true, seed: 267957929 },
    ),
);
