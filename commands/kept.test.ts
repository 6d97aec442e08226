import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import { type Edge, startEdge } from "@throughline/collector/edge/run/start-edge";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { loadDocumentPack } from "./pack-files.ts";

const ROOT = join(import.meta.dirname, "..");
const ROWS = ["A", "B", "C", "D"].map((place) => `north,${place},0093-4155-73,12,VL,2026-03-02T02:00:00Z,JANE DOE`);
const INVENTORY = ["site,location,item,on_hand,unit,counted_at,nurse", ...ROWS, ""].join("\n");
const TIMEOUT = { timeout: 30_000 };
const received = z.array(
  z.looseObject({
    id: z.string(),
    type: z.string(),
    sequence: z.string().optional(),
    data: z.looseObject({ attributes: z.record(z.string(), z.unknown()).optional() }),
  }),
);
type Received = z.infer<typeof received>[number];

let folder: string;
let edge: Edge | undefined;
let events: Received[];
let gateway: { url: string; close: () => Promise<void> };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "throughline-kept-"));
  events = [];
  gateway = await listen();
});
afterEach(async () => {
  await edge?.stop();
  edge = undefined;
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const sent = received.parse(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
      events.push(...sent);
      response.writeHead(202).end(JSON.stringify({ accepted: sent.length, refused: 0 }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** An edge that reads `drop`, and runs. */
async function start(raw: string): Promise<string> {
  writeFileSync(join(folder, "spool.key"), "0f".repeat(32), { mode: 0o600 });
  writeFileSync(join(folder, "gateway.key"), "a key", { mode: 0o600 });
  mkdirSync(join(folder, "drop"));
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${gateway.url}", keyFile: gateway.key }
pack: ${join(ROOT, "config")}
spool: { directory: spool, keyFile: spool.key, maxBytes: 50000000 }
interfaces:
  - id: inventory
    format: csv
    mappings: [csv-inventory]
    source: /files/north
    heartbeatEvery: PT1H
    raw: ${raw}
    from: { kind: directory, path: drop, every: PT0.05S, stableFor: PT0.05S, archive: done }
`,
  );
  const config = { ...readEdgeConfig(file), listen: { host: "127.0.0.1", port: 0 } };
  const logger = pino({ level: "silent" });
  edge = await startEdge({ config, pack: loadDocumentPack(config.pack), logger, now: Date.now });
  return file;
}

async function runCollector(...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), ...args]);
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => void (printed.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (printed.stderr += chunk.toString()));
  const [code] = await once(child, "close");
  return { code: z.int().parse(code), ...printed };
}

const drop = (text: string) => writeFileSync(join(folder, "drop/inventory.csv"), text);
const listCounted = () => events.filter(({ type }) => type === "pharmacy.stock.counted");
/** What an event says, apart from its number. */
const toContent = (event: Received) => ({ ...event, sequence: undefined });

test("documents that are kept are named by their events, listed without what they say, shown on demand and sent again", async () => {
  const file = await start("{ policy: keep }");
  drop(INVENTORY);
  await expect.poll(() => listCounted().length, TIMEOUT).toBe(ROWS.length);
  await expect.poll(() => edge?.status().spool.waitingEntries, TIMEOUT).toBe(0);
  const told = listCounted();
  const { raw_hash: hash, raw_pointer: pointer } = told.at(-1)?.data.attributes ?? {};
  expect(pointer).toBe(`inventory/${String(hash).slice(0, 32)}#${told.length - 1}`);
  const bytes = Buffer.from(INVENTORY);

  const listed = await runCollector("kept", "list", "--class", "raw", "--json", "--config", file);
  const kept = z
    .object({ id: z.string(), class: z.literal("raw"), sha256: z.string(), salt: z.string(), sizeBytes: z.int() })
    .parse(JSON.parse(listed.stdout));
  expect(kept).toMatchObject({ id: String(pointer).split("#")[0], sizeBytes: bytes.length });
  const content = createHash("sha256").update(bytes).digest();
  expect(kept.sha256).toBe(content.toString("hex"));
  expect(createHash("sha256").update(Buffer.from(kept.salt, "hex")).update(content).digest("hex")).toBe(hash);

  const shown = await runCollector("kept", "show", String(pointer), "--config", file);
  expect(shown.stdout).toContain('"class": "raw"');
  expect(`${listed.stdout}${shown.stdout}`).not.toContain("JANE");
  expect((await runCollector("kept", "show", kept.id, "--reveal", "--config", file)).stdout).toBe(INVENTORY);
  const stored = readdirSync(join(folder, "spool/raw/inventory")).map((name) =>
    readFileSync(join(folder, "spool/raw/inventory", name), "latin1"),
  );
  expect(stored.join("")).not.toContain("JANE");

  events.length = 0;
  const resent = await runCollector("kept", "resend", kept.id, "--config", file);
  expect(resent).toMatchObject({ code: 0, stdout: `${kept.id}: ${told.length} events taken\n` });
  expect(listCounted().map(toContent)).toEqual(told.map(toContent));
}, 60_000);

test("what waits for a person is listed and, with the mapping that it waited for, sent again and done with", async () => {
  const file = await start("{ policy: keep }");
  drop("item,site,location,on_hand,unit,counted_at\n1,north,A,2,EA,not a time\n");
  await expect.poll(() => edge?.status().kept, TIMEOUT).toBe(1);
  const list = async () => (await runCollector("kept", "list", "--class", "unmapped", "--config", file)).stdout;
  const [id = ""] = (await list()).split(" ");
  expect(await list()).toContain("unmapped inventory, document 1 (not kept here): the document has no time");
  const refused = await runCollector("kept", "resend", id, "--config", file);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining("1 not taken: the document has no time") });
  expect(edge?.status().kept).toBe(1);

  mkdirSync(join(folder, "pack/documents"), { recursive: true });
  const mapping = readFileSync(join(ROOT, "config/documents/csv-inventory.yaml"), "utf8");
  writeFileSync(
    join(folder, "pack/documents/csv-inventory.yaml"),
    mapping.replace(/from: \[.*\]/, 'from: ["2026-11-20T02:00:00Z"]').replaceAll(/crosswalk: [a-z-]+,? ?/g, ""),
  );
  mkdirSync(join(folder, "pack/crosswalks"));
  writeFileSync(file, readFileSync(file, "utf8").replace(/^pack: .*$/m, "pack: pack"));
  const taken = await runCollector(
    "kept",
    "resend",
    "--interface",
    "inventory",
    "--class",
    "unmapped",
    "--config",
    file,
  );
  expect(taken).toMatchObject({ code: 0, stdout: `${id}: 1 event taken\n` });
  expect(edge?.status().kept).toBe(0);
  expect(await list()).toContain("sent again");
  expect((await runCollector("kept", "resend", "nothing", "--config", file)).code).toBe(1);
  expect((await runCollector("kept", "resend", "--config", file)).stderr).toContain("Name what is sent again");
}, 60_000);

test("documents that travel are sealed for a recipient, who opens them out of the events", async () => {
  const key = join(folder, "auditor");
  expect((await runCollector("recipient", "create", key)).code).toBe(0);
  expect((await runCollector("recipient", "create", key)).stderr).toContain("is there already");
  const file = await start("{ policy: travel, recipientFile: auditor.pub }");
  drop(INVENTORY);
  const listSealed = () => events.filter(({ type }) => type === "throughline.document.sealed");
  await expect.poll(() => listSealed().length, TIMEOUT).toBe(1);
  expect(JSON.stringify(events)).not.toContain("JANE");
  expect((await runCollector("kept", "list", "--class", "raw", "--config", file)).stdout).toBe("0 entries\n");
  const lines = join(folder, "events.ndjson");
  writeFileSync(lines, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const opened = await runCollector("unseal", lines, "--key", key, "--out", join(folder, "opened"));
  expect(opened).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("1 document opened") });
  const [name = ""] = readdirSync(join(folder, "opened"));
  expect(readFileSync(join(folder, "opened", name), "utf8")).toBe(INVENTORY);
}, 60_000);
