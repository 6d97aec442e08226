import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { clearStore } from "./clear-store.fixture.ts";
import { readRows } from "./engine/read-rows.ts";
import type { Fact } from "./fact.ts";
import { orderFlow } from "./legs/order-flow.fixture.ts";
import { openReconciler } from "./reconciler.ts";
import { listCurrentItems } from "./reconciliations/item-store.ts";
import { RULES, toReceiptFact } from "./reconciliations/receipt-rule.fixture.ts";
import {
  COUNTED,
  PLACES,
  REFILLED,
  STOCK,
  STOCK_AS_A_WHOLE,
  leaveOutSkewed,
  stockFact,
  toStock,
  toStockRules,
} from "./reconciliations/stock-rule.fixture.ts";
import { countApartOpen, countApartSpans, expectStored } from "./stored-items.fixture.ts";
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
  sources: [],
  reconciliations: RULES,
};
const NOW = Date.UTC(2026, 3, 1);
const DAWN = Date.UTC(2026, 2, 2);
const LINES = ["1/10", "1/20"];
const LAST = Number.MAX_SAFE_INTEGER;
const directory = mkdtempSync(join(tmpdir(), "throughline-reconciliations-"));
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

const fact = fc
  .record({
    id: fc.constantFrom("1", "2"),
    line: fc.constantFrom(...LINES),
    revision: fc.constantFrom(0, 0, 0, 1),
    digest: fc.constantFrom("aa", "aa", "bb"),
    minute: fc.nat({ max: 600 }),
    kind: fc.constantFrom("recorded", "posted", "taken-back", "reversed"),
    quantity: fc.constantFrom("10", "60", "40", "100", "0.5"),
    unit: fc.constantFrom("EA", "EA", "CS", ""),
    target: fc.constantFrom("1", "2"),
    site: fc.constantFrom("north", "harbor"),
    outcome: fc.constantFrom("", "", "failed"),
  })
  .map(({ kind, target, minute, quantity, unit, ...given }): Fact => {
    const types = {
      recorded: "receiving.goods_receipt.recorded",
      posted: "erp.goods_receipt.posted",
      "taken-back": "erp.goods_receipt.reversed",
      reversed: "erp.goods_receipt.reversed",
    };
    // A digest stands for a content: the same identity with the same digest says the same.
    const isOther = given.digest === "bb";
    const content = [given.line, given.revision, minute, quantity, unit, target, given.site, given.outcome].join(" ");
    return toReceiptFact({
      ...given,
      id: isOther ? `${kind}${given.id}${given.line}` : `${kind}${content}`,
      digest: isOther ? `bb${createHash("sha256").update(content).digest("hex").slice(2)}` : "aa".repeat(32),
      type: types[kind],
      time: DAWN + minute * 60_000,
      measures:
        unit === ""
          ? {}
          : {
              quantity: { value: quantity, unit },
              amount: { value: quantity, currency: unit === "CS" ? "EUR" : "USD" },
            },
      reverses: kind === "reversed" ? { source: "erp", id: `posted${target}${given.line}` } : undefined,
    });
  });

async function project(
  facts: readonly Fact[],
  sizes: readonly number[],
  packOf: (batches: number) => Pack = () => pack,
) {
  await clearStore(client);
  let batches = 0;
  let now = NOW;
  // Where the first size is even, hardly a history is short enough to be kept, and what has a longer one waits.
  const maxHistory = (sizes[0] ?? 1) % 2 === 0 ? 2 : 5000;
  const { connection } = engine;
  const open = () => openReconciler({ connection, pack: packOf(batches), maxHistory, now: () => now });
  let projector = await open();
  let first = 1;
  for (let batch = 1, at = 0; at < facts.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    first = await storeBatch(client, facts.slice(at, at + size), { log: "log", batch, first });
    at += size;
    batches = batch;
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

test("whatever the batches and restarts, items and sums are those of all facts at once", { timeout: 300_000 }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fact, { minLength: 1, maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      async (facts, sizes) => {
        await project([...facts, ...facts.slice(0, 2)], sizes);
        await expectStored(client, { rules: RULES, facts, subjects: LINES });
        const [apart] = await readRows(client, z.tuple([z.number()]), {
          caller: "test",
          sql: `SELECT count() FROM (
            SELECT reconciliation, unit, kind, site, domain, quarter, sum(moved) AS items_left, sum(worth) AS value_left FROM (
              SELECT reconciliation, unit, kind, site, domain, quarter, items AS moved, value AS worth FROM reconciliation_flow_quarters
              UNION ALL
              SELECT reconciliation, unit, kind, site, domain, toStartOfInterval(toDateTime(minute, 'UTC'), INTERVAL 15 MINUTE),
                -items, -value FROM reconciliation_flows)
            GROUP BY reconciliation, unit, kind, site, domain, quarter HAVING items_left != 0 OR value_left != 0)`,
        });
        expect(apart).toEqual([0]);
      },
    ),
    { numRuns: 8 },
  ),
);

test("an object goes over to another domain as a whole, and the figures of both tie", { timeout: 60_000 }, async () => {
  await clearStore(client);
  const receiving = RULES.reconciliations.map((rule) => ({ ...rule, domain: "receiving" }));
  const moved: Pack = { ...pack, reconciliations: { ...RULES, reconciliations: receiving } };
  const stated = (line: string, id: string, quantity: string) =>
    toReceiptFact({ id, line, quantity, time: DAWN, digest: "aa".repeat(32) });
  const posting = (hours: number) => ({ type: "erp.goods_receipt.posted", time: DAWN + hours * 3_600_000 });
  const steps: [Pack, Fact[]][] = [
    [pack, [stated("1/10", "r1", "100"), stated("1/20", "r2", "7")]],
    [moved, [{ ...stated("1/10", "p1", "60"), ...posting(1) }]],
    [moved, [{ ...stated("1/10", "p2", "30"), ...posting(2) }]],
  ];
  let first = 1;
  for (const [index, [rules, facts]] of steps.entries()) {
    first = await storeBatch(client, facts, { log: "log", batch: index + 1, first });
    const projector = await openReconciler({ connection: engine.connection, pack: rules, now: () => NOW });
    while (await projector.advance());
    await projector.close();
  }
  expect([await countApartSpans(client), await countApartOpen(client)]).toEqual([0, 0]);
  const read = (sql: string) => readRows(client, z.array(z.union([z.string(), z.number()])), { caller: "test", sql });
  const ofReceipts = "WHERE reconciliation = 'receipts'";
  const sums =
    await read(`SELECT domain, kind, sum(items) AS total, toString(sum(value)) AS worth FROM reconciliation_flows
    ${ofReceipts} GROUP BY domain, kind HAVING total != 0 OR sum(value) != 0 ORDER BY domain, kind`);
  expect(sums.map((row) => row.join(" "))).toEqual([
    "erp a 1 7",
    "erp new 1 7",
    "receiving a 1 100",
    "receiving b 2 90",
    "receiving cleared 0 90",
    "receiving new 1 100",
  ]);
  const said = await read(`SELECT domain, subject, flows = '[]' FROM reconciliation_subjects ${ofReceipts}
    ORDER BY reconciliation, subject, domain, batch DESC LIMIT 1 BY subject, domain`);
  expect(said.map((row) => row.join(" "))).toEqual(["erp 1/10 1", "receiving 1/10 0", "erp 1/20 0"]);
});

const stockPack: Pack = { ...pack, reconciliations: toStockRules(STOCK) };

test(
  "between counts, what is stored is that of all facts at once, also where an earlier release began",
  { timeout: 300_000 },
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stockFact, { minLength: 15, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 0, 1, 2, 3),
        async (drawn, sizes, wholes) => {
          const facts = wholes === 0 ? drawn : leaveOutSkewed(drawn);
          const whole = { ...pack, reconciliations: toStockRules(STOCK_AS_A_WHOLE) };
          const packOf = (batches: number) => (batches < wholes ? whole : stockPack);
          await project([...facts, ...facts.slice(0, 3)], sizes, packOf);
          await expectStored(client, { rules: toStockRules(STOCK), facts, subjects: PLACES });
        },
      ),
      { numRuns: 8 },
    ),
);

test("goes on without the events before the last count but one", { timeout: 60_000 }, async () => {
  const refills = Array.from({ length: 50 }, (_, hour) =>
    toStock(REFILLED, { id: `r${hour}`, hour: hour + 1, quantity: "1" }),
  );
  const old = [
    toStock(COUNTED, { id: "c0", hour: 0, quantity: "5" }),
    ...refills,
    toStock(COUNTED, { id: "c1", hour: 60, quantity: "55" }),
  ];
  await project(old, [7], () => stockPack);
  for (const table of ["events", "object_events", "event_identities"])
    await client.command({
      query: `ALTER TABLE ${table} DELETE WHERE position <= 50`,
      clickhouse_settings: { mutations_sync: "2" },
    });
  const later = [
    toStock(REFILLED, { id: "late", hour: 120, quantity: "9" }),
    toStock(COUNTED, { id: "c2", hour: 121, quantity: "60" }),
  ];
  await storeBatch(client, later, { log: "log", batch: Math.ceil(old.length / 7) + 1, first: old.length + 1 });
  const reconciler = await openReconciler({ connection: engine.connection, pack: stockPack, now: () => NOW });
  while (await reconciler.advance());
  await reconciler.close();
  const items = await listCurrentItems(client, { reconciliation: "stock", subjects: PLACES, before: LAST });
  expect(items.map(({ item, value }) => [item, value])).toEqual([["erp\u0000c2", "4"]]);
});

test("begins with the count that an earlier release saw, and had nothing to say of", { timeout: 60_000 }, async () => {
  const facts = [
    toStock(COUNTED, { id: "c0", hour: 0, quantity: "5" }),
    toStock(REFILLED, { id: "r", hour: 1, quantity: "2" }),
    toStock(COUNTED, { id: "c1", hour: 2, quantity: "6" }),
    toStock(REFILLED, { id: "late", hour: 1, quantity: "1" }),
  ];
  const whole = { ...pack, reconciliations: toStockRules(STOCK_AS_A_WHOLE) };
  await project(facts, [1], (batches) => (batches < 1 ? whole : stockPack));
  await expectStored(client, { rules: toStockRules(STOCK), facts, subjects: PLACES });
});

test("evaluates what has a long history less often, and keeps nobody else waiting", { timeout: 60_000 }, async () => {
  const receive = (id: string, line: string) => toReceiptFact({ id, line, quantity: "1", time: DAWN });
  const many = Array.from({ length: 300 }, (_, index) => receive(`many-${index}`, "1/10"));
  await project(many, [300]);
  let now = NOW + 1;
  const options = { connection: engine.connection, pack, maxHistory: 100, now: () => now };
  const reconciler = await openReconciler(options);
  const countOpen = async () => {
    const items = await listCurrentItems(client, { reconciliation: "receipts", subjects: LINES, before: LAST });
    return LINES.map((line) => items.filter(({ subject }) => subject === line).length);
  };
  const add = async (batch: number, facts: readonly Fact[]) => {
    await storeBatch(client, facts, { log: "log", batch, first: many.length + 2 * batch - 3 });
    while (await reconciler.advance());
    return countOpen();
  };
  expect(await add(2, [receive("a", "1/10"), receive("b", "1/20")])).toEqual([301, 1]);
  expect(await add(3, [receive("c", "1/10"), receive("d", "1/20")])).toEqual([301, 2]);
  now += 301;
  while (await reconciler.advance());
  expect(await countOpen()).toEqual([302, 2]);
  expect(await add(4, [receive("e", "1/10"), receive("f", "1/20")])).toEqual([302, 3]);
  await reconciler.close();
  // What waits is not forgotten over a restart.
  const again = await openReconciler(options);
  while (await again.advance());
  expect(await countOpen()).toEqual([303, 3]);
  await again.close();
});
