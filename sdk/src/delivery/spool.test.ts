import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestServer, connect, startTestServer, store } from "./gateway.fixture.ts";
import { createSpool } from "./spool.ts";

const TYPE = "erp.goods_receipt.posted" as const;
let server: TestServer;
let directory: string;

beforeEach(async () => {
  server = await startTestServer();
  directory = mkdtempSync(join(tmpdir(), "throughline-sdk-spool-"));
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

function listSegments(): string[] {
  return readdirSync(directory).filter((name) => name.endsWith(".ndjson"));
}

/** Nothing listens there, so that no late request of an SDK that has ended can reach a server. */
const unreachable = { url: "http://127.0.0.1:1" };

/** A process that could not reach the gateway and ended. */
async function leaveBehind(ids: readonly string[], criticality: "standard" | "critical" = "standard") {
  const { throughline } = connect(unreachable, { spool: { directory } });
  for (const id of ids) throughline.emit({ type: TYPE, id, criticality });
  await throughline.shutdown(100);
  expect(throughline.stats()).toMatchObject({ spooled: ids.length, queued: 0, sent: 0 });
}

test("keeps what cannot be sent on disk, and sends it when the gateway is back", async () => {
  server.behave(() => ({ status: 503 }));
  const { throughline } = connect(server, { spool: { directory }, queue: { maxEvents: 50 } });
  for (let turn = 0; turn < 20; turn++) {
    for (let index = 0; index < 25; index++) throughline.emit({ type: TYPE, id: `${turn}/${index}` });
    await expect.poll(() => throughline.stats().queued, { interval: 2 }).toBe(0);
  }
  expect(throughline.stats()).toMatchObject({ emitted: 500, spooled: 500, dropped: { queue_full: 0 } });
  server.behave((events) => store(events, server.stored));
  expect(await throughline.flush()).toBe(true);
  expect(server.stored.size).toBe(500);
  expect([...server.stored.values()].every((count) => count === 1)).toBe(true);
  expect(listSegments()).toEqual([]);
  await throughline.shutdown();
  expect(readdirSync(directory)).toEqual([]);
});

test("outlives a restart", async () => {
  await leaveBehind(["1", "2", "3"]);
  const { throughline } = connect(server, { spool: { directory } });
  await expect.poll(() => [...server.stored.keys()]).toEqual(["1", "2", "3"]);
  await throughline.flush();
  expect(throughline.stats()).toMatchObject({ emitted: 3, recovered: 3, sent: 3, spooled: 0 });
  await throughline.shutdown();
});

test("leaves out a line that was half written, and tells of it", async () => {
  await leaveBehind(["1", "2"]);
  const path = join(directory, listSegments()[0] ?? "");
  const [line = ""] = readFileSync(path, "utf8").split("\n");
  appendFileSync(path, line.slice(0, 60));
  const { throughline, problems } = connect(server, { spool: { directory } });
  await expect.poll(() => server.stored.size).toBe(2);
  expect(problems).toEqual([expect.objectContaining({ code: "spool", count: 1 })]);
  await throughline.shutdown();
});

test("leaves out a line whose bytes were changed", async () => {
  await leaveBehind(["1", "2"]);
  const path = join(directory, listSegments()[0] ?? "");
  writeFileSync(path, readFileSync(path, "utf8").replace('"id":"1"', '"id":"7"'));
  const { throughline } = connect(server, { spool: { directory } });
  await expect.poll(() => [...server.stored.keys()]).toEqual(["2"]);
  await throughline.shutdown();
});

test("gives up the less critical when its bytes are used up", async () => {
  await leaveBehind(Array.from({ length: 100 }, (_, index) => `standard-${index}`));
  server.behave(() => ({ status: 503 }));
  const { throughline } = connect(server, { spool: { directory, maxBytes: 20_000 } });
  for (let index = 0; index < 50; index++)
    throughline.emit({ type: TYPE, id: `critical-${index}`, criticality: "critical" });
  await throughline.shutdown(100);
  const { spooled, dropped } = throughline.stats();
  expect({ spooled, dropped: dropped.spool_full }).toEqual({ spooled: 50, dropped: 100 });
});

test("takes what is left at the end of the process while it is still being read", async () => {
  await leaveBehind(["1"]);
  const spool = createSpool({ directory, onDrop: () => undefined, onDamage: () => undefined });
  expect(() => spool.appendNow([])).toThrow(/not open/);
  const opening = spool.open();
  const json = JSON.stringify({ id: "2", type: TYPE, time: new Date().toISOString() });
  spool.appendNow([
    { id: "2", type: TYPE, criticality: "standard", json, sizeBytes: json.length, givenAt: Date.now() },
  ]);
  await opening;
  await spool.close();
  expect(listSegments().map((name) => readFileSync(join(directory, name), "utf8"))).toEqual([
    expect.stringContaining('"id":"1"'),
    expect.stringContaining('"id":"2"'),
  ]);
});

test("does without when another SDK uses the directory, and says so", async () => {
  const first = connect(server, { spool: { directory } });
  await first.throughline.flush();
  const second = connect(server, { spool: { directory } });
  second.throughline.emit({ type: TYPE, id: "1" });
  expect(await second.throughline.flush()).toBe(true);
  expect(second.problems).toEqual([expect.objectContaining({ code: "spool" })]);
  await second.throughline.shutdown();
  await first.throughline.shutdown();
});
