import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { readRows } from "@throughline/api/projections/engine/read-rows";
import { openReconciler } from "@throughline/api/projections/reconciler";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import {
  type Rational,
  ZERO,
  absolute,
  add,
  formatDecimal,
  negate,
  parseRational,
  subtract,
} from "@throughline/schemas/exact/rational";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { storeBatch } from "../../api/src/projections/stored-facts.fixture.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { FAULTS, YEAR_END, YEAR_START, createYear } from "./year-of-trade.ts";

const LINES = Number(process.env["THROUGHLINE_YEAR_LINES"] ?? "3000");
const BATCH = 10_000;
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 180_000 + LINES * 40;
const DAYS = (YEAR_END - YEAR_START) / DAY_MS;

const year = createYear(LINES, 7);
const directory = mkdtempSync(join(tmpdir(), "throughline-year-"));
let engine: LocalEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  engine = await startLocalEngine({ directory, memoryBytes: 2e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
  const reconciler = await openReconciler({
    connection: engine.connection,
    pack: loadPack(join(ROOT, "config")),
    now: () => YEAR_END,
  });
  let first = 1;
  for (let at = 0; at < year.facts.length; at += BATCH) {
    const facts = year.facts.slice(at, at + BATCH);
    first = await storeBatch(client, facts, { log: "log", batch: at / BATCH + 1, first });
    while (await reconciler.advance());
  }
  await reconciler.close();
}, TIMEOUT_MS);
afterAll(async () => {
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Count and money or quantity at the end of each day of the year. */
interface Days {
  count: number[];
  gross: Rational[];
  net: Rational[];
}

const createDays = (): Days => ({
  count: Array.from({ length: DAYS }, () => 0),
  gross: Array.from({ length: DAYS }, () => ZERO),
  net: Array.from({ length: DAYS }, () => ZERO),
});
const dayOf = (time: number) => Math.min(DAYS, Math.floor((time - YEAR_START) / DAY_MS));
const parse = (text: string) => parseRational(text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")) ?? ZERO;

/** Lets something stand from one day on, up to another. */
function stand(days: Days, { from, until }: { from: number; until: number }, value: Rational) {
  for (const [at, isAdded] of [
    [dayOf(from), true],
    [dayOf(until), false],
  ] as const) {
    if (at >= DAYS) continue;
    const signed = (amount: Rational) => (isAdded ? amount : negate(amount));
    days.count[at] = (days.count[at] ?? 0) + (isAdded ? 1 : -1);
    days.gross[at] = add(days.gross[at] ?? ZERO, signed(absolute(value)));
    days.net[at] = add(days.net[at] ?? ZERO, signed(value));
  }
}

/** What came on each day, summed up to its end, as text. */
function toLevels({ count, gross, net }: Days): string[] {
  let level = { count: 0, gross: ZERO, net: ZERO };
  return count.map((_, day) => {
    level = {
      count: level.count + (count[day] ?? 0),
      gross: add(level.gross, gross[day] ?? ZERO),
      net: add(level.net, net[day] ?? ZERO),
    };
    return `${level.count} items, gross ${formatDecimal(level.gross)}, net ${formatDecimal(level.net)}`;
  });
}

async function readItems(): Promise<Map<string, Days>> {
  const row = z.tuple([z.string(), z.string(), z.number(), z.number(), z.string()]);
  const key = "reconciliation, subject, unit, key, side, item, from_at";
  const rows = await readRows(client, row, {
    caller: "test",
    sql: `SELECT reconciliation, unit, toUnixTimestamp64Milli(from_at), toUnixTimestamp64Milli(until_at), exact_value FROM (
        SELECT * FROM reconciliation_items ORDER BY ${key}, batch DESC, is_removed LIMIT 1 BY ${key}) WHERE is_removed = 0`,
  });
  const found = new Map<string, Days>();
  for (const [reconciliation, unit, from, until, value] of rows)
    stand(getDays(found, `${reconciliation} ${unit}`), { from, until }, parse(value));
  return found;
}

async function readFlows(): Promise<Map<string, Days>> {
  const row = z.tuple([z.string(), z.string(), z.string(), z.number(), z.number(), z.string()]);
  const rows = await readRows(client, row, {
    caller: "test",
    sql: `SELECT reconciliation, unit, kind, toUnixTimestamp64Milli(minute), sum(items), toString(sum(value))
      FROM reconciliation_flows GROUP BY reconciliation, unit, kind, minute`,
  });
  const found = new Map<string, Days>();
  for (const [reconciliation, unit, kind, minute, items, value] of rows) {
    const days = getDays(found, `${reconciliation} ${unit}`);
    const day = dayOf(minute);
    const amount = parse(value);
    if (kind === "a") days.net[day] = add(days.net[day] ?? ZERO, amount);
    else if (kind === "b") days.net[day] = subtract(days.net[day] ?? ZERO, amount);
    else {
      const [count, moved] = kind === "cleared" ? [-items, negate(amount)] : [items, amount];
      days.count[day] = (days.count[day] ?? 0) + count;
      days.gross[day] = add(days.gross[day] ?? ZERO, moved);
    }
  }
  return found;
}

function getDays(found: Map<string, Days>, key: string): Days {
  const known = found.get(key) ?? createDays();
  found.set(key, known);
  return known;
}

test(
  "on every day opening, new and cleared add up to what is open then, of each reconciliation and unit",
  { timeout: TIMEOUT_MS },
  async () => {
    const [items, flows] = [await readItems(), await readFlows()];
    expect([...flows.keys()].toSorted()).toEqual([
      "invoices-to-ap USD",
      "payments-to-clearing USD",
      "receipts-to-erp EA",
      "receipts-to-invoices CS",
      "receipts-to-invoices EA",
    ]);
    for (const [key, days] of flows)
      expect([key, toLevels(items.get(key) ?? createDays())]).toEqual([key, toLevels(days)]);
  },
);

test("what is open between dock and books is what was made so, day by day", { timeout: TIMEOUT_MS }, async () => {
  const receipts = Map.groupBy(
    year.facts.filter(({ type }) => type.includes("goods_receipt")),
    ({ objects }) => objects.find(({ type }) => type === "goods_receipt")?.id ?? "",
  );
  const expected = createDays();
  for (const facts of receipts.values()) {
    const [recorded, posted] = ["receiving", "erp"].map((domain) => facts.find((fact) => fact.domain === domain));
    const quantity = (fact: typeof recorded) => parse(fact?.measures["quantity"]?.value ?? "0");
    if (!recorded) continue;
    stand(expected, { from: recorded.time, until: posted?.time ?? Infinity }, quantity(recorded));
    const rest = subtract(quantity(recorded), quantity(posted));
    if (posted && rest.numerator !== 0n) stand(expected, { from: posted.time, until: Infinity }, rest);
  }
  expect(toLevels((await readItems()).get("receipts-to-erp EA") ?? createDays())).toEqual(toLevels(expected));
});

test("each injected mismatch is found with its code, and none is invented", { timeout: TIMEOUT_MS }, async () => {
  const row = z.tuple([z.array(z.string()), z.array(z.string())]);
  const key = "subject_type, subject_id, document, kind, order_line, line";
  const rows = await readRows(client, row, {
    caller: "test",
    sql: `SELECT JSONExtract(detail, 'lines', 'Array(String)'), codes FROM (
        SELECT * FROM match_results WHERE kind = 'line' ORDER BY ${key}, batch DESC LIMIT 1 BY ${key}) WHERE is_removed = 0`,
  });
  const found = rows.flatMap(([lines, codes]) =>
    codes.length > 0 ? lines.map((line) => `${line} ${codes.join(" ")}`) : [],
  );
  const billed = new Set(
    year.facts
      .filter(({ type }) => type === "erp.invoice.received")
      .map(({ objects }) => objects.find(({ type }) => type === "invoice_line")?.id ?? ""),
  );
  const expected = [...year.faults].flatMap(([line, { fault }]) => {
    const code = FAULTS[fault];
    return code !== undefined && billed.has(line) ? [`${line} ${code}`] : [];
  });
  expect(expected.length).toBeGreaterThan(LINES / 40);
  expect(found.toSorted()).toEqual(expected.toSorted());
  expect(rows.flatMap(([lines]) => lines).length).toBe(billed.size);
});
