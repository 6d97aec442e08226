import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { ClickHouseClient } from "@clickhouse/client";
import { openReconciler } from "@throughline/api/projections/reconciler";
import { openProjector } from "@throughline/api/projections/projector";
import { type Gateway, startGateway } from "@throughline/collector/gateway/gateway";
import { createStateStore } from "@throughline/collector/import/import-state";
import { openInput } from "@throughline/collector/import/open-input";
import { runImport } from "@throughline/collector/import/run-import";
import { createSender } from "@throughline/collector/import/send-events";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import type { Pack } from "@throughline/schemas/pack/flow";
import { parseImportMapping } from "@throughline/schemas/pack/parse-mapping";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { loadPack } from "../../commands/pack-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(ROOT, "../shared/data");
const LOGS = ["01_02_01", "02_01", "03"].map((name) => join(CORPUS, "bpi2019", `${name}.xes.gz`));
const missing = LOGS.filter((path) => !existsSync(path));
const reason = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} absent)`;

const TWO_WAY = new Set(missing.length === 0 ? readCases(LOGS[2] ?? "").map(([id]) => id) : []);

const pack = loadPack(join(ROOT, "config"));
const flow = "goods-receipt-to-invoice";

let directory: string;
let engine: LocalEngine;
let gateway: Gateway;
let client: ClickHouseClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "throughline-import-"));
  engine = await startLocalEngine({ directory: join(directory, "engine"), memoryBytes: 2e9 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
  gateway = await startGateway({
    host: "127.0.0.1",
    port: 0,
    directory: join(directory, "log"),
    connection: engine.connection,
    authenticate: () =>
      Promise.resolve({ id: "import", name: "import", roles: ["ingest"], scope: { sites: "*", domains: "*" } }),
    logger: pino({ level: "silent" }),
    objectTypes: new Set(pack.objectTypes.map(({ type }) => type)),
  });
});

afterAll(async () => {
  await gateway.stop();
  await client.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe.skipIf(reason !== "")(`the BPI 2019 logs, imported through the gateway${reason}`, () => {
  const cases = new Map(LOGS.flatMap((path) => (existsSync(path) ? readCases(path) : [])));

  test("are stored whole, once, whatever is repeated", async () => {
    const summaries = [];
    for (const path of [...LOGS, LOGS[2] ?? ""]) summaries.push(await importLog(path));
    expect(summaries.map(({ accepted, refused }) => [accepted, refused])).toEqual([
      [10_565, 0],
      [8754, 0],
      [2364, 0],
      [2364, 0],
    ]);
    expect(summaries[3]?.duplicates).toBe(2364);
    // Three heartbeats, and the fourth again.
    await untilStored(10_565 + 8754 + 2364 * 2 + 4);
    expect(await count("uniqExact(source, id)", "type != 'throughline.feed.heartbeat'")).toBe(21_683);
    expect(
      await count(
        "uniqExact(object_ids[indexOf(object_types, 'purchase_order_line')])",
        "has(object_types, 'purchase_order_line')",
      ),
    ).toBe(cases.size);
  });

  test("give every leg of goods receipt to invoice the verdict that the file says", async () => {
    const projector = await openProjector({ connection: engine.connection, pack });
    while (await projector.advance());
    await projector.close();
    const verdicts = await listVerdicts();
    const plain = [...cases].filter(([, events]) => !events.some(({ activity }) => activity.startsWith("Cancel")));
    expect(plain.length).toBeGreaterThan(1500);
    const expected = plain.flatMap(([id, events]) => LEGS.flatMap((leg) => judge(id, events, leg) ?? []));
    const known = new Set(plain.map(([id]) => id));
    expect(verdicts.filter(({ id }) => known.has(id))).toEqual(expected.toSorted(byLeg));
    const counts = new Map<string, number>();
    for (const { leg, verdict } of verdicts)
      counts.set(`${leg} ${verdict}`, (counts.get(`${leg} ${verdict}`) ?? 0) + 1);
    expect([...counts.keys()].filter((name) => /MET|BREACHED/.test(name)).toSorted()).toEqual([
      "invoice-to-clearing BREACHED",
      "invoice-to-clearing MET",
      "order-to-receipt BREACHED",
      "order-to-receipt MET",
      "receipt-to-invoice BREACHED",
      "receipt-to-invoice MET",
    ]);
  });

  test("reconcile goods receipts and invoice receipts by count of each item, cancellations netted", async () => {
    const options = { connection: engine.connection, pack: { ...pack, reconciliations: countReceiptsAndInvoices() } };
    const reconciler = await openReconciler(options);
    while (await reconciler.advance());
    await reconciler.close();
    const open = await listOpenCounts();
    const expected = [...cases].flatMap(([id, events]): [string, number][] => {
      const net = (name: string) =>
        events.filter(({ activity }) => activity === `Record ${name}`).length -
        events.filter(({ activity }) => activity === `Cancel ${name}`).length;
      const difference = net("Goods Receipt") - net("Invoice Receipt");
      return difference === 0 ? [] : [[id, difference]];
    });
    expect(open).toEqual(expected.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    // Cancellations decide: without netting them other items would be open.
    const cancelled = [...cases].filter(([, events]) => events.some(({ activity }) => activity.startsWith("Cancel")));
    expect(cancelled.length).toBeGreaterThan(50);
    // What is left the file explains: its items are matched two ways, so nobody ever records a receipt for them.
    expect(new Set(open.map(([id]) => id))).toEqual(TWO_WAY);
    expect(open.every(([, difference]) => difference === -1)).toBe(true);
  });
});

/** The receipts and invoices of the shipped configuration, counted, since the logs state no quantity. */
function countReceiptsAndInvoices(): NonNullable<Pack["reconciliations"]> {
  const { reconciliations } = pack;
  const shipped = reconciliations?.reconciliations.find(({ id }) => id === "receipts-to-invoices");
  if (!reconciliations || !shipped) throw new Error("receipts and invoices are not reconciled");
  const counted = { ...shipped, id: "counted", measure: { kind: "count" as const } };
  return { ...reconciliations, reconciliations: [counted], versions: new Map([["counted", "v1"]]) };
}

async function listOpenCounts(): Promise<[string, number][]> {
  const result = await client.query({
    query: `SELECT subject AS id, toInt32(sum(toDecimal64(exact_value, 0))) AS n FROM (
        SELECT * FROM reconciliation_items WHERE reconciliation = 'counted'
        ORDER BY reconciliation, subject, unit, key, side, item, from_at, batch DESC, is_removed
        LIMIT 1 BY reconciliation, subject, unit, key, side, item, from_at)
      WHERE is_removed = 0 AND until_at > now() GROUP BY id ORDER BY id LIMIT 100000`,
    format: "JSONEachRow",
  });
  const rows = countRow
    .extend({ id: z.string() })
    .array()
    .parse(await result.json());
  return rows.map(({ id, n }) => [id, n]);
}

interface Leg {
  leg: string;
  from: string;
  to: string;
  hours: number;
}

const LEGS: Leg[] = [
  { leg: "order-to-receipt", from: "Create Purchase Order Item", to: "Record Goods Receipt", hours: 720 },
  { leg: "receipt-to-invoice", from: "Record Goods Receipt", to: "Record Invoice Receipt", hours: 720 },
  { leg: "invoice-to-clearing", from: "Record Invoice Receipt", to: "Clear Invoice", hours: 768 },
];

/** The verdict of a leg by hand: the first start, the first end, and the time between them. All deadlines are long past. */
function judge(id: string, events: readonly CaseEvent[], { leg, from, to, hours }: Leg) {
  // Two-way matched items wait for no receipt.
  const hasReceipt = !TWO_WAY.has(id);
  const start = leg === "order-to-receipt" && !hasReceipt ? undefined : findFirst(events, from);
  const end = findFirst(events, to);
  if (start === undefined && (end === undefined || leg === "receipt-to-invoice")) return undefined;
  const row = { leg, id, started: start ?? null, ended: end ?? null };
  if (start === undefined) return { ...row, verdict: "ORPHAN_END" };
  if (end === undefined) return { ...row, verdict: "BREACHED" };
  if (end < start - 120_000) return { ...row, verdict: "SEQUENCE" };
  return { ...row, verdict: end <= start + hours * 3_600_000 ? "MET" : "BREACHED" };
}

function findFirst(events: readonly CaseEvent[], activity: string): number | undefined {
  const times = events.filter((event) => event.activity === activity).map(({ time }) => time);
  return times.length === 0 ? undefined : Math.min(...times);
}

async function importLog(path: string) {
  const mappingPath = join(ROOT, "config/mappings/bpi2019.yaml");
  const parsed = parseImportMapping({ path: mappingPath, text: readFileSync(mappingPath, "utf8") });
  if (!parsed.ok) throw new Error("the mapping is wrong");
  const input = await openInput({ path, keepsObjectAttributes: false }, () => undefined);
  return runImport({
    input,
    mapping: parsed.mapping,
    gateway: gateway.url,
    send: createSender({ gateway: gateway.url, key: "any" }),
    state: createStateStore(join(directory, "state"), input.digest, gateway.url),
    isResuming: false,
    onProgress: () => undefined,
  });
}

const countRow = z.object({ n: z.coerce.number() });

async function count(what: string, where: string): Promise<number> {
  const result = await client.query({ query: `SELECT ${what} AS n FROM events WHERE ${where}`, format: "JSONEachRow" });
  return countRow.array().parse(await result.json())[0]?.n ?? 0;
}

async function untilStored(expected: number): Promise<void> {
  while ((await count("count()", "1")) < expected) await delay(50);
}

const verdictRow = z.object({
  leg: z.string(),
  id: z.string(),
  started: z.coerce.number().nullable(),
  ended: z.coerce.number().nullable(),
  verdict: z.string(),
});

async function listVerdicts() {
  const result = await client.query({
    query: `SELECT leg, instance_id AS id, toUnixTimestamp64Milli(started_at) AS started,
        toUnixTimestamp64Milli(ended_at) AS ended, verdict
      FROM (SELECT * FROM leg_verdicts WHERE flow = {flow: String} ORDER BY leg, instance_id, occurrence, batch DESC
        LIMIT 1 BY leg, instance_id, occurrence)
      WHERE is_removed = 0 LIMIT 100000`,
    query_params: { flow },
    format: "JSONEachRow",
  });
  return verdictRow
    .array()
    .parse(await result.json())
    .toSorted(byLeg);
}

function byLeg(a: { leg: string; id: string }, b: { leg: string; id: string }): number {
  return `${a.leg} ${a.id}` < `${b.leg} ${b.id}` ? -1 : 1;
}

interface CaseEvent {
  activity: string;
  time: number;
}

/** The cases of a log with their events, by plain pattern matching. */
function readCases(path: string): [string, CaseEvent[]][] {
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  return text
    .split("<trace>")
    .slice(1)
    .map((trace) => {
      const [head = "", ...events] = trace.split("<event>");
      const valueOf = (part: string, key: string) => new RegExp(`key="${key}" value="([^"]*)"`).exec(part)?.[1] ?? "";
      return [
        valueOf(head, "concept:name"),
        events.map((event) => ({
          activity: valueOf(event, "concept:name"),
          time: Date.parse(valueOf(event, "time:timestamp")),
        })),
      ];
    });
}
