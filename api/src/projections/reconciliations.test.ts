import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { formatDecimal } from "@throughline/schemas/exact/rational";
import { canonicalize } from "@throughline/schemas/pack/canonical";
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
import { listFlowChanges } from "./reconciliations/flow-store.ts";
import { evaluateSubject } from "./reconciliations/item-row.ts";
import { listCurrentItems } from "./reconciliations/item-store.ts";
import { toReconciliationModels } from "./reconciliations/model.ts";
import { RULES, toReceiptFact } from "./reconciliations/receipt-rule.fixture.ts";
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

async function project(facts: readonly Fact[], sizes: readonly number[]) {
  await clearStore(client);
  const open = () => openReconciler({ connection: engine.connection, pack, now: () => NOW });
  let projector = await open();
  let first = 1;
  for (let batch = 1, at = 0; at < facts.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    first = await storeBatch(client, facts.slice(at, at + size), { log: "log", batch, first });
    at += size;
    while (await projector.advance());
    if (size % 2 === 0) continue;
    await projector.close();
    projector = await open();
  }
  await projector.close();
}

const flowRow = z.tuple([z.string(), z.string(), z.string(), z.string(), z.number(), z.number(), z.string()]);

test("whatever the batches and restarts, items and sums are those of all facts at once", { timeout: 240_000 }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fact, { minLength: 1, maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      async (facts, sizes) => {
        await project([...facts, ...facts.slice(0, 2)], sizes);
        const flows: string[] = [];
        for (const model of toReconciliationModels(RULES)) {
          const expected = LINES.flatMap((subject) => {
            const own = facts.filter(({ objects }) => objects.some(({ id }) => id === subject));
            const rows = evaluateSubject(model, { subject, facts: own }, new Map());
            for (const { flows: after } of listFlowChanges(
              { model, subject, domain: model.rule.domain },
              [],
              rows.flows,
            ))
              flows.push(
                ...after.map((row) =>
                  [
                    row.reconciliation,
                    row.unit,
                    row.site,
                    row.kind,
                    row.minute,
                    row.count,
                    formatDecimal(row.value),
                  ].join(" "),
                ),
              );
            return rows.items;
          });
          const query = { reconciliation: model.rule.id, subjects: LINES, before: Number.MAX_SAFE_INTEGER };
          const show = (rows: readonly object[]) => rows.map((row) => canonicalize(row)).toSorted();
          expect(show(await listCurrentItems(client, query))).toEqual(show(expected));
        }
        expect(await countApartSpans()).toBe(0);
        expect(await countApartOpen()).toBe(0);
        const stored = await readRows(client, flowRow, {
          caller: "test",
          sql: `SELECT reconciliation, unit, site, kind, toUnixTimestamp64Milli(minute), sum(items) AS total, toString(sum(value)) AS worth
            FROM reconciliation_flows GROUP BY reconciliation, unit, site, kind, minute HAVING total != 0 OR sum(value) != 0`,
        });
        expect(toTotals(stored.map((row) => row.join(" ")))).toEqual(toTotals(flows));
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
    { numRuns: 12 },
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
  expect([await countApartSpans(), await countApartOpen()]).toEqual([0, 0]);
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

const toMinute = (time: string) => `toUnixTimestamp64Milli(${time}) - toUnixTimestamp64Milli(${time}) % 60000`;

/** Spans that differ from those of the items that stand. */
async function countApartSpans(): Promise<number | undefined> {
  const slot = "reconciliation, subject, unit, key, side, item, from_at";
  const judged = `is_matched, is_cleared_elsewhere, has_failed, is_in_other_unit, quantities_agree, site, domain`;
  const [apart] = await readRows(client, z.tuple([z.number()]), {
    caller: "test",
    sql: `SELECT count() FROM (
      SELECT reconciliation, until_ms, from_ms, unit, side, amount, since_ms, due_ms, ${judged}, sum(times) AS left_over FROM (
        SELECT reconciliation, toUnixTimestamp64Milli(until_at) AS until_ms, toUnixTimestamp64Milli(from_at) AS from_ms, unit, side,
          value AS amount, from_ms - since_before * 60000 AS since_ms, from_ms + waits_ms AS due_ms, ${judged}, items AS times
        FROM reconciliation_spans
        UNION ALL
        SELECT reconciliation, ${toMinute("until_at")} AS until_ms, ${toMinute("from_at")} AS from_ms, unit, side,
          exact_value AS amount, ${toMinute("since")} AS since_ms, toUnixTimestamp64Milli(due_at) AS due_ms, ${judged}, -1 AS times
        FROM (SELECT * FROM reconciliation_items ORDER BY ${slot}, batch DESC, is_removed LIMIT 1 BY ${slot})
        WHERE is_removed = 0 AND until_ms > from_ms)
      GROUP BY ALL HAVING left_over != 0)`,
  });
  return apart?.[0];
}

/** Items that are kept as open without an end and are not, or the other way round. */
async function countApartOpen(): Promise<number | undefined> {
  const slot = "reconciliation, subject, unit, key, side, item, from_at";
  const shown = `${slot}, exact_value, since, last_at, due_at, period, is_matched, is_cleared_elsewhere, is_contested, has_failed,
    is_in_other_unit, quantities_agree, balance, currency, entries_a, entries_b, supplier, site, domain`;
  const [apart] = await readRows(client, z.tuple([z.number()]), {
    caller: "test",
    sql: `SELECT count() FROM (
      SELECT ${shown}, sum(times) AS left_over FROM (
        SELECT ${shown}, items AS times FROM reconciliation_open
        UNION ALL
        SELECT ${shown}, -1 AS times FROM (
          SELECT * FROM reconciliation_items ORDER BY ${slot}, batch DESC, is_removed LIMIT 1 BY ${slot})
        WHERE is_removed = 0 AND until_at > '2261-01-01 00:00:00')
      GROUP BY ${shown} HAVING left_over != 0)`,
  });
  return apart?.[0];
}

/** Two lines may add to the same sum. */
function toTotals(rows: readonly string[]): [string, number, number][] {
  const totals = new Map<string, [string, number, number]>();
  for (const row of rows) {
    const parts = row.split(" ");
    const [count, value] = [Number(parts.at(-2)), Number(parts.at(-1))];
    const key = parts.slice(0, -2).join(" ");
    const known = totals.get(key);
    totals.set(key, [key, (known?.[1] ?? 0) + count, (known?.[2] ?? 0) + value]);
  }
  return [...totals.values()]
    .filter(([, count, value]) => count !== 0 || value !== 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
