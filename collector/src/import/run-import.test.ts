import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { type GatewayFixture, startGatewayFixture } from "./gateway.fixture.ts";
import { FIXTURES, openFixture, readMapping } from "./import-file.fixture.ts";
import { createStateStore } from "./import-state.ts";
import { openInput } from "./open-input.ts";
import { type ImportOptions, runImport } from "./run-import.ts";
import { createSender } from "./send-events.ts";

let gateway: GatewayFixture;
let directory = "";
beforeEach(async () => {
  gateway = await startGatewayFixture();
  directory = await mkdtemp(join(tmpdir(), "throughline-import-"));
});
afterEach(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
});

async function importFile(name: string, options: Partial<ImportOptions> = {}) {
  const input = options.input ?? (await openFixture(name));
  return runImport({
    input,
    mapping: readMapping(join(FIXTURES, "orders.yaml")),
    gateway: gateway.url,
    send: createSender({ gateway: gateway.url, maxRetries: 0 }),
    state: createStateStore(directory, input.digest, gateway.url),
    isResuming: false,
    onProgress: () => undefined,
    ...options,
  });
}

const eventsOf = (fixture: GatewayFixture) => fixture.events.filter(({ type }) => type !== HEARTBEAT_TYPE);

async function writeLog(count: number): Promise<string> {
  const path = join(directory, "long.csv");
  const rows = Array.from({ length: count }, (_, index) => `c${index},Record Receipt,2026-03-02T09:00:00Z\n`);
  await writeFile(path, `case,activity,time\n${rows.join("")}`);
  return path;
}

describe("an import", () => {
  test("sends every record that can be an event, counts the others with their reasons, and declares the source complete", async () => {
    const refused: [number, string][] = [];
    const summary = await importFile("orders.xes", { onRefused: (record, reason) => refused.push([record, reason]) });
    expect(summary).toMatchObject({ read: 8, accepted: 6, duplicates: 0, resumed: 0, skipped: 0, refused: 2 });
    expect(summary.reasons.map(({ reason, count, records }) => [reason.slice(0, 36), count, records])).toEqual([
      ["the event has no concept:name", 1, [7]],
      ["/time must be RFC 3339 with a time z", 1, [8]],
    ]);
    expect(refused.map(([record]) => record)).toEqual([7, 8]);
    expect(Object.fromEntries(summary.activities)).toMatchObject({ "Record Receipt": 4, "Create Order": 1 });
    expect(gateway.events.at(-1)).toEqual({
      specversion: "1.0",
      id: expect.stringMatching(/^[0-9a-f]{32}:complete$/),
      source: "/import/orders",
      type: HEARTBEAT_TYPE,
      time: "2026-03-29T01:30:00.000Z",
      data: { attributes: { watermark: "2026-03-29T01:30:00.000Z", complete: true, import: true, events: 6 } },
    });
  });

  test("keeps equal rows apart", async () => {
    await importFile("orders.xes");
    const receipts = gateway.events.filter(({ type }) => type === "erp.goods_receipt.posted");
    expect(receipts[0]).toEqual({ ...receipts[1], id: expect.any(String) });
    expect(receipts[0]?.id).not.toBe(receipts[1]?.id);
    expect(new Set(gateway.events.map(({ id }) => id)).size).toBe(gateway.events.length);
  });

  test("that is repeated sends the same events, and counts them as duplicates", async () => {
    await importFile("orders.xes");
    const first = gateway.events.splice(0);
    const summary = await importFile("orders.xes");
    expect(gateway.events).toEqual(first);
    expect(summary).toMatchObject({ accepted: 6, duplicates: 6 });
  });

  test("keeps the identities of events that are events already, counts repetitions, and completes each source", async () => {
    const summary = await importFile("events.ndjson", { mapping: readMapping() });
    expect(summary).toMatchObject({ read: 5, accepted: 3, duplicates: 1, refused: 2 });
    expect(eventsOf(gateway).map(({ source, id }) => `${source} ${id}`)).toEqual([
      "/erp/north 1",
      "/erp/north 1",
      "/erp/south 3",
    ]);
    expect(gateway.events.slice(3).map(({ source, time }) => `${source} ${time}`)).toEqual([
      "/erp/north 2026-01-10T09:15:00.000Z",
      "/erp/south 2026-01-12T07:15:00.000Z",
    ]);
  });

  test("that was cut off goes on behind the last acknowledged batch", async () => {
    const path = await writeLog(2500);
    const open = () => openInput({ path, keepsObjectAttributes: false }, () => undefined);
    gateway.answers.push(
      (response) => response.writeHead(202).end(),
      (response) => response.destroy(),
    );
    await expect(importFile("", { input: await open() })).rejects.toThrow("--resume");
    expect(gateway.events).toEqual([]);
    const summary = await importFile("", { input: await open(), isResuming: true });
    expect(summary).toMatchObject({ read: 2500, resumed: 1000, accepted: 1500, duplicates: 1000 });
    expect(eventsOf(gateway)).toHaveLength(1500);
    expect(gateway.events.at(-1)?.data).toMatchObject({ attributes: { events: 2500 } });
    const again = await importFile("", { input: await open(), isResuming: true });
    expect(again).toMatchObject({ resumed: 2500, accepted: 0 });
    expect(readdirSync(directory).filter((name) => name.endsWith(".json"))).toHaveLength(1);
  });

  test("with another mapping than before must be a revision, which replaces the events", async () => {
    await importFile("orders.xes");
    const [first] = gateway.events.splice(0);
    const mapping = { ...readMapping(join(FIXTURES, "orders.yaml")), site: "south" };
    await expect(importFile("orders.xes", { mapping })).rejects.toThrow("--revision 1");
    expect(gateway.events).toEqual([]);
    await importFile("orders.xes", { mapping, revision: { number: 1, reason: "wrong site" } });
    expect(gateway.events[0]).toMatchObject({
      id: first?.id,
      source: first?.source,
      site: "south",
      data: { revision: 1, reason: "wrong site" },
    });
    await expect(importFile("orders.xes", { mapping })).rejects.toThrow("--revision 2");
  });

  test("counts what the gateway refuses", async () => {
    gateway.answers.push((response) =>
      response.writeHead(400).end(JSON.stringify({ errors: [{ path: "/1/type", message: "is not declared" }] })),
    );
    const summary = await importFile("orders.xes");
    expect(summary).toMatchObject({ accepted: 5, refused: 3 });
    expect(summary.reasons).toContainEqual({ reason: "/type is not declared", count: 1, records: [2] });
  });

  test("leaves out what the mapping leaves out", async () => {
    const mapping = {
      ...readMapping(join(FIXTURES, "orders.yaml")),
      unmapped: { action: "skip" as const, domain: "x" },
    };
    expect(await importFile("orders.xes", { mapping })).toMatchObject({ accepted: 5, skipped: 1, refused: 2 });
    const strict = { ...mapping, unmapped: { action: "refuse" as const, domain: "x" } };
    const summary = await importFile("orders.xes", {
      mapping: strict,
      state: createStateStore(join(directory, "b"), "0", ""),
    });
    expect(summary.reasons.map(({ reason }) => reason)).toContain(
      'the mapping names no event for the activity "Sing a song"',
    );
  });
});
