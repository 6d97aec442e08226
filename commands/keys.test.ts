import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApi } from "@throughline/api/start";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import { Command } from "commander";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addKeysCommand } from "./keys.ts";

const TOKEN = "a-token-of-the-administrator-0123456789";
const folder = mkdtempSync(join(tmpdir(), "throughline-keys-command-"));
let engine: LocalEngine;

beforeAll(async () => {
  engine = await startLocalEngine({ directory: folder, memoryBytes: 1_000_000_000 });
  await prepareStore(engine.connection);
});

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
});

/** What the command prints. */
async function run(...args: string[]): Promise<string> {
  let output = "";
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addKeysCommand(program, {
    openStore: () => Promise.resolve({ connection: engine.connection, close: () => Promise.resolve() }),
    administratorToken: () => TOKEN,
    write: (text) => void (output += text),
  });
  await program.parseAsync(["keys", ...args], { from: "user" });
  return output;
}

const idOf = (output: string) => /tl_([0-9a-f]{12})_/.exec(output)?.[1] ?? "";

test("makes, lists and revokes a key over the store", async () => {
  expect(await run("list")).toContain("There are no keys");
  const made = await run("create", "--name", "Lab's feed", "--role", "ingest", "viewer", "--site", "north", "south");
  const id = idOf(made);
  expect(made).toContain(`key ${id} "Lab's feed" (ingest, viewer; sites north, south; all domains)`);
  expect(await run("list")).toMatch(new RegExp(`^${id}  key ${id} .* made 20.* by command:`));
  expect(await run("revoke", id)).toBe(
    `Revoked key ${id} "Lab's feed" (ingest, viewer; sites north, south; all domains).\n`,
  );
  expect(JSON.parse(await run("list", "--json"))).toMatchObject([
    { id, revokedBy: expect.stringContaining("command:") },
  ]);
});

test("does the same over a running tower", async () => {
  const writer = createWriter(engine.connection);
  const keys = await createKeyDirectory({ writer, administratorToken: TOKEN });
  const pack = {
    flows: new Map(),
    ruleVersions: new Map(),
    objectTypes: [],
    sources: [],
    calendars: new Map(),
    slos: [],
    interfaces: new Map(),
    tolerances: NO_TOLERANCES,
    units: [],
  };
  const logger = pino({ level: "silent" });
  const api = await startApi({ host: "127.0.0.1", port: 0, connection: engine.connection, pack, keys, logger });
  const id = idOf(await run("--url", api.url, "create", "--name", "Remote", "--role", "viewer"));
  expect(await run("--url", api.url, "list")).toContain(`key ${id} "Remote"`);
  expect(await run("--url", api.url, "revoke", id)).toContain(`Revoked key ${id}`);
  await expect(run("--url", api.url, "revoke", "none")).rejects.toThrow("The tower refused: There is no key none.");
  await api.close();
  keys.close();
  await writer.close();
});

test("refuses what is no role, what has no name, and a tower that is not there", async () => {
  await expect(run("create", "--name", "x", "--role", "king")).rejects.toThrow("king");
  await expect(run("create", "--name", "", "--role", "viewer")).rejects.toThrow("cannot be made");
  await expect(run("revoke", "none")).rejects.toThrow("There is no key none.");
  await expect(run("--url", "http://127.0.0.1:1", "list")).rejects.toThrow("No tower answers");
});
