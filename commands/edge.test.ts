import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");
const received = z.array(z.looseObject({ id: z.string(), source: z.string(), type: z.string(), sequence: z.string() }));

let folder: string;
let running: ChildProcess | undefined;
let statusPort: number;

beforeEach(async () => {
  statusPort = await findFreePort();
  folder = mkdtempSync(join(tmpdir(), "throughline-collector-"));
});
afterEach(async () => {
  if (running !== undefined) await end(running, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Listens where the gateway is, and remembers what it acknowledged. */
async function listen() {
  const events: z.infer<typeof received> = [];
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
  return { events, port, close };
}

function configure(gatewayPort: number, { every = "PT0.05S" } = {}): string {
  for (const name of ["spool.key", "tokens.key"]) writeFileSync(join(folder, name), "0f".repeat(32));
  writeFileSync(join(folder, "gateway.key"), "a key");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".key"))) chmodSync(join(folder, name), 0o600);
  mkdirSync(join(folder, "drop"), { recursive: true });
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "http://127.0.0.1:${gatewayPort}", keyFile: gateway.key }
pack: ${join(ROOT, "config")}
spool: { directory: spool, keyFile: spool.key, maxBytes: 50000000 }
listen: { port: ${statusPort} }
interfaces:
  - id: inventory
    format: csv
    mappings: [csv-inventory]
    source: /files/killed
    heartbeatEvery: PT1H
    from: { kind: directory, path: drop, every: ${every}, stableFor: PT0.05S, archive: done }
`,
  );
  return file;
}

async function start(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, "commands/collector.ts"), "run", "--config", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("It ended before it was ready."))),
  ]);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

function drop(name: string, rows: number): void {
  const lines = Array.from(
    { length: rows },
    (_, row) => `00071015523,north,A-${row},L1,${row},EA,4,2026-11-20T02:00:00Z,2027-01-01`,
  );
  const text = ["item,site,location,lot,on_hand,unit,par,counted_at,expires_on", ...lines, ""].join("\n");
  writeFileSync(join(folder, `.${name}`), `${text.trimEnd()}\n`.replace("A-0,", `${name},`));
  renameSync(join(folder, `.${name}`), join(folder, "drop", name));
}

describe("throughline-collector run", () => {
  test("loses nothing when it is killed again and again, and tells nothing twice under another id", async () => {
    const gateway = await listen();
    const file = configure(gateway.port);
    const files = 5;
    const rows = 1000;
    for (let at = 0; at < files; at++) {
      drop(`${at}.csv`, rows);
      const child = await start(file);
      const before = gateway.events.length;
      await expect.poll(() => gateway.events.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(before);
      await end(child, "SIGKILL");
    }
    const child = await start(file);
    await expect.poll(() => readdirSync(join(folder, "drop")), { timeout: 20_000 }).toEqual([]);
    const counted = () =>
      new Set(gateway.events.filter(({ type }) => type === "pharmacy.stock.counted").map(({ id }) => id));
    await expect.poll(() => counted().size, { timeout: 20_000 }).toBe(files * rows);
    await end(child, "SIGTERM");
    expect(child.exitCode).toBe(0);
    const numbers = new Set(gateway.events.map(({ sequence }) => Number(sequence)));
    expect(Math.max(...numbers)).toBe(numbers.size);
    await gateway.close();
  }, 90_000);

  test("takes a changed configuration, and says where a wrong one is wrong and goes on", async () => {
    const gateway = await listen();
    const file = configure(gateway.port);
    const child = await start(file);
    let logged = "";
    child.stderr?.on("data", (chunk: Buffer) => void (logged += chunk.toString()));
    configure(gateway.port, { every: "soon" });
    child.kill("SIGHUP");
    await expect
      .poll(() => logged, { timeout: 10_000 })
      .toMatch(/edge\.yaml:11:\d+: every must be an ISO 8601 duration/);
    drop("after.csv", 3);
    await expect.poll(() => gateway.events.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    configure(gateway.port, { every: "PT0.1S" });
    child.kill("SIGHUP");
    await expect.poll(() => logged, { timeout: 10_000 }).toContain("The changed configuration is in force");
    await end(child, "SIGTERM");
    await gateway.close();
  });
});
