import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../delivery/gateway.fixture.ts";

let server: TestServer;
let directory: string;

beforeEach(async () => {
  server = await startTestServer();
  directory = mkdtempSync(join(tmpdir(), "throughline-sdk-exit-"));
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

async function runHost(ending: string, signal?: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> {
  const host = spawn(process.execPath, [
    join(import.meta.dirname, "exit-host.fixture.ts"),
    server.url,
    ending,
    directory,
  ]);
  const ended = once(host, "exit");
  await once(host.stdout, "data");
  if (signal !== undefined) host.kill(signal);
  const [code, by] = await ended;
  return [code, by];
}

test("delivers what is left when the host has nothing more to do", async () => {
  expect(await runHost("idle")).toEqual([0, null]);
  expect([...server.stored]).toEqual([["idle", 1]]);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "delivers what is left on %s, which still ends the host",
  async (signal) => {
    expect(await runHost("signal", signal)).toEqual([null, signal]);
    expect([...server.stored]).toEqual([["signal", 1]]);
  },
);

test("leaves it to a host that listens to the signal how it ends", async () => {
  expect(await runHost("own-listener", "SIGTERM")).toEqual([7, null]);
  expect([...server.stored]).toEqual([["own-listener", 1]]);
});

test.each(["exit", "exit-at-start", "exit-on-problem", "exit-on-spill"])(
  "saves what is left to the spool when the host ends at once: %s",
  async (ending) => {
    server.behave(() => ({ status: 503 }));
    expect(await runHost(ending)).toEqual([3, null]);
    const segments = readdirSync(directory).filter((name) => name.endsWith(".ndjson"));
    const texts = segments.map((name) => readFileSync(join(directory, name), "utf8"));
    expect(texts.join("")).toContain(`"id":"${ending}"`);
  },
);
