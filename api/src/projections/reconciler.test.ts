import type { ClickHouseClient } from "@clickhouse/client";
import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clearStore } from "./clear-store.fixture.ts";
import { readRawRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { type FailingStore, openFailingStore } from "./failing-store.fixture.ts";
import { invoiced, ordered, received, say } from "./matches/events.fixture.ts";
import { listCurrentMatches } from "./matches/match-store.ts";
import { T1 } from "./matches/trade.fixture.ts";
import { type ProjectedStore, openProjectedStore } from "./projected-store.fixture.ts";
import { type ReconcilerOptions, openReconciler } from "./reconciler.ts";
import type { Rules } from "./reconciler/family.ts";
import { RULES } from "./reconciliations/receipt-rule.fixture.ts";
import { storeBatch } from "./stored-facts.fixture.ts";

const NOW = Date.UTC(2026, 3, 1);
const TABLES = [
  "match_results",
  "match_dates",
  "match_rollups",
  "match_open",
  "match_positions",
  "match_lookups",
  "reconciliation_items",
  "reconciliation_open",
  "reconciliation_spans",
  "reconciliation_subjects",
  "reconciliation_flows",
  "reconciliation_flow_quarters",
  "contested_identities",
] as const;
const VIEWED = 2;
const BROKEN = /socket hang up|ECONNRESET/;
const READ = ["events", "object_events", "event_identities", "commits", "projection_steps", "reconciler_rules"];
const pack: Rules = {
  tolerances: { profiles: [T1], rules: [{ profile: "T1" }], version: "rules-1" },
  units: [],
  reconciliations: RULES,
};

let projected: ProjectedStore;
let connection: StoreConnection;
let client: ClickHouseClient;
let failing: FailingStore;

beforeAll(async () => {
  projected = await openProjectedStore();
  ({ connection, client } = projected);
  failing = await openFailingStore(connection);
});
afterAll(async () => {
  await failing.close();
  await projected.close();
});

async function reconcile(options: Partial<ReconcilerOptions> = {}): Promise<number> {
  const reconciler = await openReconciler({ connection, pack, now: () => NOW, ...options });
  let steps = 0;
  while (await reconciler.advance()) steps += 1;
  await reconciler.close();
  return steps;
}

/** Stores each list of facts as a batch of its own. */
async function store(...batches: (readonly Fact[])[]) {
  let first = 1;
  for (const [index, facts] of batches.entries())
    first = await storeBatch(client, facts, { log: "log", batch: index + 1, first });
}

/** All rows that the reconciler keeps, as they lie there: how often each, and in which step. */
async function listRows(): Promise<string[]> {
  const tables = TABLES.map(async (table) => {
    await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
    const rows = await readRawRows(client, { caller: "test", sql: `SELECT * FROM ${table} ORDER BY ALL` });
    return rows.map((row) => `${table} ${JSON.stringify(row)}`);
  });
  return (await Promise.all(tables)).flat();
}

async function listOutcomes(order = "4500000001/10") {
  const subjects = [
    { type: "invoice", id: "CARDINAL/INV-0087" },
    { type: "purchase_order_line", id: order },
  ];
  const rows = await listCurrentMatches(client, { subjects, before: Number.MAX_SAFE_INTEGER });
  return rows.map(({ kind, outcome, causes }) => [kind, outcome, ...causes.map(({ code }) => code)].join(" "));
}

const counted = (day: number, quantity: string) =>
  say(day, "receiving.goods_receipt.recorded", { measures: { quantity }, objects: { goods_receipt: "5000000001/1" } });
const posting = (draft: Partial<Fact>): Fact => ({
  ...received(5, "100 EA", { id: "posting", objects: { goods_receipt: "5000000001/1" } }),
  ...draft,
});

describe("a step that breaks off at an insert", () => {
  const earlier = [ordered(1), counted(4, "100 EA"), posting({})];
  const step = [
    invoiced(10, "100 EA for 1100.00 USD", { measures: { gross: "1100.00 USD" } }),
    // Says otherwise than before: contested, and with another quantity.
    posting({ digest: "bb", measures: { quantity: { value: "90", unit: "EA" } }, revision: 1 }),
    counted(6, "1 EA"),
  ];

  const begin = async () => {
    for (const table of [...TABLES, ...READ]) await client.command({ query: `TRUNCATE TABLE ${table}` });
    await store(earlier);
    await reconcile();
    await storeBatch(client, step, { log: "log", batch: 2, first: earlier.length + 1 });
  };

  test.each(["before", "after"] as const)(
    "%s the store has taken it leaves the same rows, once",
    async (how) => {
      await begin();
      failing.breakAt(Infinity, how);
      await reconcile({ connection: failing.connection, now: () => NOW + 1 });
      const whole = await listRows();
      const inserts = failing.inserts();
      // Its beginning and end, and each of the tables but for those that views fill.
      expect(inserts).toBe(TABLES.length - VIEWED + 2);
      for (let at = 0; at < inserts; at++) {
        await begin();
        failing.breakAt(at, how);
        await expect(reconcile({ connection: failing.connection, now: () => NOW + 1 })).rejects.toThrow(BROKEN);
        await reconcile({ now: () => NOW + 1 });
        expect(await listRows()).toEqual(whole);
      }
    },
    240_000,
  );

  test("is finished under the tolerances that it began with, and what comes next under the new ones", async () => {
    await begin();
    failing.breakAt(3, "before");
    await expect(reconcile({ connection: failing.connection })).rejects.toThrow(BROKEN);
    const profile: ToleranceProfile = { ...T1, price: { ...T1.price, above: { amount: "off", percent: "off" } } };
    const changed = { tolerances: { profiles: [profile], rules: [{ profile: "T1" }], version: "rules-2" }, units: [] };
    await reconcile({ pack: changed });
    expect(await listOutcomes()).toContain("line blocked QTY_OVER_RECEIVED PRICE");
    await storeBatch(client, [received(12, "10 EA")], { log: "log", batch: 3, first: 7 });
    await reconcile({ pack: changed });
    expect(await listOutcomes()).toContain("line matched");
  });
});

describe("the reconciler", () => {
  const requisition = { type: "procurement.requisition.created", objects: [{ type: "requisition", id: "1" }] };
  const others = posting({ revision: 1, digest: "bb", ...requisition });
  const trade = [ordered(1), invoiced(10, "100 EA for 1000.00 USD")];

  test.each([
    ["a later revision that is no receipt", [[...trade, posting({})], [others]]],
    ["one in the same batch", [[...trade, posting({}), others]]],
    ["one that came first", [[others], [...trade, posting({})]]],
    ["one that came first in the same batch", [[others, ...trade, posting({})]]],
  ])("takes a receipt back that %s replaces, though it does not read such events", async (_, batches) => {
    await clearStore(client);
    await store(...batches);
    await reconcile({ maxEvents: 3 });
    expect(await listOutcomes()).toContain("line held NO_RECEIPT");
  });

  test("knows of the same identity what it stated itself, whatever the legs know of it", async () => {
    await clearStore(client);
    await store([...trade, posting({}), posting({ revision: 1, digest: "bb" })]);
    await projected.project();
    await reconcile();
    const known = await readRawRows(client, {
      caller: "test",
      sql: "SELECT projector, id, revision FROM contested_identities ORDER BY projector",
    });
    expect(known).toEqual([
      ["legs", "posting", 1],
      ["reconciler", "posting", 1],
    ]);
    const journeys = await readRawRows(client, {
      caller: "test",
      sql: `SELECT count() FROM event_identities WHERE identity IN (SELECT sipHash64(source, id) FROM contested_identities)`,
    });
    expect(journeys).toEqual([[2]]);
  });

  test("that starts over a filled store catches up from the first event in bounded steps", async () => {
    await clearStore(client);
    const lines = Array.from({ length: 40 }, (_, index) => `45000002${String(index).padStart(2, "0")}/10`);
    const facts = lines.map((line) => [
      ordered(1, { objects: { purchase_order_line: line } }),
      received(5, "100 EA", { objects: { purchase_order_line: line } }),
      invoiced(10, "100 EA for 1000.00 USD", { objects: { purchase_order_line: line, invoice: `CARDINAL/${line}` } }),
    ]);
    await store(...facts);
    await projected.project();
    expect(await reconcile({ maxEvents: 30 })).toBe(4);
    const outcomes = await readRawRows(client, {
      caller: "test",
      sql: "SELECT kind, outcome, sum(results) AS total FROM match_rollups WHERE code = '' GROUP BY kind, outcome HAVING total != 0 ORDER BY kind",
    });
    expect(outcomes).toEqual([
      ["invoice", "matched", 40],
      ["line", "matched", 40],
      ["order", "matched", 40],
    ]);
  });

  test("matches and reconciles an order line with more than a thousand receipts and invoices, whatever comes late", async () => {
    await clearStore(client);
    const count = 1100;
    const bill = (index: number) => ({ objects: { invoice: `CARDINAL/${String(index).padStart(4, "0")}` } });
    const receive = (index: number) => received(5, "1 EA", { objects: { goods_receipt: `r${index}` } });
    const parts = Array.from({ length: count }, (_, index) => [
      receive(index),
      invoiced(10, "1 EA for 10.00 USD", bill(index)),
    ]);
    const order = ordered(1, { measures: { quantity: `${count} EA` } });
    await store([order], parts.slice(0, 400).flat(), parts.slice(400, -1).flat());
    expect(await reconcile({ maxEvents: 800 })).toBeGreaterThan(2);
    // Billed before its receipt: one more than has come, until that comes late.
    const [last = []] = parts.slice(-1);
    const first = 2 + (count - 1) * 2;
    await storeBatch(client, last.slice(1), { log: "log", batch: 4, first });
    await reconcile();
    const listHeld = () =>
      readRawRows(client, {
        caller: "test",
        sql: `SELECT outcome, code, sum(results) AS total FROM match_rollups WHERE kind = 'line'
          GROUP BY outcome, code HAVING total != 0 ORDER BY ALL`,
      });
    const before = await listHeld();
    await storeBatch(client, last.slice(0, 1), { log: "log", batch: 5, first: first + 1 });
    await reconcile();
    expect(before).toEqual([
      ["blocked", "", 1],
      ["blocked", "QTY_OVER_RECEIVED", 1],
      ["matched", "", count - 1],
    ]);
    expect(await listHeld()).toEqual([["matched", "", count]]);
    const [row] = await readRawRows(client, {
      caller: "test",
      sql: `SELECT sum(items), toString(sum(value)) FROM reconciliation_flows WHERE reconciliation = 'receipts' AND kind = 'new'`,
    });
    expect(row).toEqual([count, String(count)]);
  }, 240_000);
});
