import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMINISTRATOR } from "../access.ts";
import { findKeyId } from "../access-key.ts";
import { createKeyDirectory } from "./key-directory.ts";
import { type LocalEngine, startLocalEngine } from "./local-engine.ts";
import { createWriter, prepareStore } from "./store.ts";

const TOKEN = "a-token-of-the-administrator-0123456789";
const folder = mkdtempSync(join(tmpdir(), "throughline-keys-"));
const cacheFile = join(folder, "keys.json");
let engine: LocalEngine;

beforeAll(async () => {
  engine = await startLocalEngine({ directory: join(folder, "engine"), memoryBytes: 1_000_000_000 });
  await prepareStore(engine.connection);
});

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
});

async function open(options: { cacheFile?: string; refreshMs?: number; url?: string } = {}) {
  const { url = engine.connection.url, ...rest } = options;
  const writer = createWriter({ ...engine.connection, url });
  const directory = await createKeyDirectory({ writer, administratorToken: TOKEN, refreshMs: 60_000, ...rest });
  return {
    directory,
    [Symbol.asyncDispose]: async () => {
      directory.close();
      await writer.close();
    },
  };
}

const SCOPED = {
  name: "Saint 'Anne' \\ {x:String}",
  roles: ["viewer" as const],
  scope: { sites: ["st-anne"], domains: "*" as const },
};

test("finds who a key stands for, with roles and scope as given", async () => {
  await using opened = await open();
  const { key, text } = await opened.directory.create(SCOPED, "administrator");
  expect(await opened.directory.findPrincipal(text)).toEqual({ id: key.id, ...SCOPED });
  expect(key).toMatchObject({ createdBy: "administrator", revokedAt: null });
});

test("finds nobody for a wrong secret, a wrong id, an empty text or another's id", async () => {
  await using opened = await open();
  const { text, key } = await opened.directory.create(SCOPED, "administrator");
  const changed = `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`;
  const wrong = [changed, text.replace(key.id, "0123456789ab"), "", "tl_", text.toUpperCase(), `${text} `];
  for (const secret of wrong) expect(await opened.directory.findPrincipal(secret)).toBeUndefined();
});

test("takes the administrator's token and refuses a short one", async () => {
  await using opened = await open();
  expect(await opened.directory.findPrincipal(TOKEN)).toEqual(ADMINISTRATOR);
  const writer = createWriter(engine.connection);
  await expect(createKeyDirectory({ writer, administratorToken: "short" })).rejects.toThrow("32 characters");
  await writer.close();
});

test("lets a key in that another process has just made", async () => {
  await using first = await open();
  await using second = await open();
  const { text } = await first.directory.create(SCOPED, "administrator");
  await expect.poll(() => second.directory.findPrincipal(text), { interval: 20 }).toBeDefined();
});

test("shuts a key out that another process has revoked", async () => {
  await using first = await open();
  const { text, key } = await first.directory.create(SCOPED, "administrator");
  await using second = await open({ refreshMs: 20 });
  expect(await second.directory.findPrincipal(text)).toBeDefined();
  await first.directory.revoke(key.id, "someone");
  expect(await first.directory.findPrincipal(text)).toBeUndefined();
  await expect.poll(() => second.directory.findPrincipal(text), { interval: 20 }).toBeUndefined();
  expect(second.directory.findPrincipalById(key.id)).toBeUndefined();
});

test("keeps the first word on a key revoked twice", async () => {
  await using opened = await open();
  const { key } = await opened.directory.create(SCOPED, "administrator");
  const revoked = await opened.directory.revoke(key.id, "first");
  expect(await opened.directory.revoke(key.id, "second")).toEqual(revoked);
  await expect(opened.directory.revoke("unknown", "x")).rejects.toMatchObject({ code: "not_found" });
});

test("lets known keys in from its cache file while the store is away, and makes none", async () => {
  await using before = await open({ cacheFile });
  const { text, key } = await before.directory.create(SCOPED, "administrator");
  await using away = await open({ cacheFile, url: "http://127.0.0.1:1" });
  expect(await away.directory.findPrincipal(text)).toMatchObject({ id: key.id });
  await expect(away.directory.create(SCOPED, "x")).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 5 });
});

test("writes no secret to the store or the cache file", async () => {
  await using opened = await open({ cacheFile });
  const { text } = await opened.directory.create(SCOPED, "administrator");
  const secret = text.slice(`tl_${findKeyId(text)}_`.length);
  expect(readFileSync(cacheFile, "utf8")).not.toContain(secret);
  expect(JSON.stringify(await opened.directory.list())).not.toContain(secret);
});
