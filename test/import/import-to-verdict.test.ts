import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { ClickHouseClient } from "@clickhouse/client";
import { openProjector } from "@throughline/api/projections/projector";
import { type Gateway, startGateway } from "@throughline/collector/gateway/gateway";
import { createStateStore } from "@throughline/collector/import/import-state";
import { openInput } from "@throughline/collector/import/open-input";
import { runImport } from "@throughline/collector/import/run-import";
import { createSender } from "@throughline/collector/import/send-events";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
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
});

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
