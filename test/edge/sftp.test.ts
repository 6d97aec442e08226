import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestFolder } from "@throughline/collector/edge/spool/spool.fixture";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SSHD, type SshServer, startSshd } from "../brokers/sshd.ts";
import { startTestInterface, type TestInterface, toRows, toStock } from "./test-interface.ts";

const TIMEOUT = { timeout: 30_000 };

describe.skipIf(SSHD === undefined)("an edge that reads SFTP (skipped where openssh-server is not installed)", () => {
  let server: SshServer;
  let folder: string;
  let drop: string;
  let remove: () => void;
  let own: TestInterface | undefined;

  beforeAll(async () => {
    server = await startSshd();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(() => {
    ({ folder, remove } = makeTestFolder());
    drop = join(folder, "drop");
    mkdirSync(drop);
  });
  afterEach(async () => {
    await own?.stop();
    own = undefined;
    remove();
  });

  const start = async (more = `, archive: "${folder}/done"`, hostKey = server.hostKey) => {
    own = await startTestInterface(
      `{ id: files, format: json, mappings: [json-stock], source: /sftp/north, from: { kind: sftp, host: 127.0.0.1, port: ${server.port}, user: ${server.user}, keyFile: "${server.keyFile}", hostKey: "${hostKey}", path: "${drop}", pattern: "*.json", every: PT0.1S, stableFor: PT1.5S${more} } }`,
      folder,
    );
    return own;
  };
  const put = (name: string, ...ids: number[]) =>
    writeFileSync(join(drop, name), ids.map((id) => toStock(id).toString()).join("\n"));
  const settle = (edge: TestInterface, documents: number) =>
    expect.poll(() => edge.running.counts().documents, TIMEOUT).toBe(documents);
  const again = async (edge: TestInterface) => {
    const before = Date.now();
    await expect.poll(() => edge.running.completeAt() ?? 0, TIMEOUT).toBeGreaterThan(before);
  };

  test("reads each file once in the order of names, whatever its name, and archives it on the server", async () => {
    put("b.json", 3, 4);
    put("a.json", 1, 2);
    put("c.txt", 9);
    const traceparent = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`;
    const sha256 = createHash("sha256")
      .update(readFileSync(join(drop, "b.json")))
      .digest("hex");
    writeFileSync(join(drop, "b.json.trace.json"), JSON.stringify({ traceparent, sha256 }));
    const edge = await start();
    await settle(edge, 4);
    await expect.poll(() => readdirSync(drop), TIMEOUT).toEqual(["c.txt"]);
    const events = await edge.readEvents();
    expect(toRows(events)).toEqual([1, 2, 3, 4]);
    expect(events.map((event) => event["traceparent"])).toEqual([undefined, undefined, traceparent, traceparent]);
    put("again.json", 1, 2);
    put("a.json", 1, 2);
    await expect.poll(() => readdirSync(drop), TIMEOUT).toEqual(["c.txt"]);
    expect(edge.running.counts().documents).toBe(4);
    expect(readdirSync(join(folder, "done"))).toHaveLength(4);
    expect(edge.logged.join("")).not.toMatch(/a\.json|again/);
  });

  test("leaves files where it shall, and reads one again that was rewritten, not one that was renamed or touched", async () => {
    put("a.json", 1);
    const edge = await start("");
    await settle(edge, 1);
    // Its events are on their way before it is noted as read.
    await again(edge);
    renameSync(join(drop, "a.json"), join(drop, "b.json"));
    utimesSync(join(drop, "b.json"), new Date(), new Date(Date.now() - 60_000));
    put("a.json", 2, 3);
    await settle(edge, 3);
    await again(edge);
    expect(toRows(await edge.readEvents())).toEqual([1, 2, 3]);
    expect(readdirSync(drop)).toEqual(["a.json", "b.json"]);
  });

  test("speaks to no server with another key, and sends it nothing", async () => {
    put("a.json", 1);
    const edge = await start("", `SHA256:${"A".repeat(43)}`);
    await expect.poll(() => edge.running.failure(), TIMEOUT).toBe("the server has another key than hostKey says");
    expect(edge.running.counts().documents).toBe(0);
  });

  test("connects again when the server ends, and reads a large file whole", async () => {
    const edge = await start();
    await again(edge);
    await server.restart();
    const rows = 60_000;
    writeFileSync(join(drop, ".large"), Array.from({ length: rows }, (_, id) => toStock(id).toString()).join("\n"));
    renameSync(join(drop, ".large"), join(drop, "large.json"));
    await settle(edge, rows);
    expect(edge.running.failure()).toBeUndefined();
    expect(new Set(toRows(await edge.readEvents())).size).toBe(rows);
  }, 120_000);
});
