import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "throughline-wrap-"));
  mkdirSync(join(folder, "jobs"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configure(gatewayUrl = "http://127.0.0.1:1"): string {
  writeFileSync(join(folder, "spool.key"), "0f".repeat(32), { mode: 0o600 });
  writeFileSync(join(folder, "gateway.key"), "a key", { mode: 0o600 });
  const file = join(folder, "edge.yaml");
  writeFileSync(
    file,
    `gateway: { url: "${gatewayUrl}", keyFile: gateway.key }
pack: ${join(ROOT, "config")}
spool: { directory: spool, keyFile: spool.key, maxBytes: 50000000 }
jobs: { directory: jobs }
interfaces:
  - { id: inventory, format: csv, mappings: [csv-inventory], source: /files/sent, from: { kind: directory, path: drop } }
`,
  );
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

const listHandedOver = () =>
  readdirSync(join(folder, "jobs"))
    .toSorted()
    .flatMap((name) =>
      readFileSync(join(folder, "jobs", name), "utf8")
        .trim()
        .split("\n"),
    )
    .map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)));

describe("wrap", () => {
  test("gives the job its streams and options, passes its exit code on, and tells how it went", async () => {
    const file = configure();
    const script = "echo printed $1; echo wrong >&2; exit 5";
    const run = await runCollector(
      "wrap",
      "--interface",
      "nightly",
      "--config",
      file,
      "--",
      "sh",
      "-c",
      script,
      "sh",
      "--site",
    );
    expect(run).toEqual({ code: 5, stdout: "printed --site\n", stderr: "wrong\n" });
    expect(listHandedOver().map(({ type }) => type)).toEqual(["operations.job.started", "operations.job.finished"]);
    expect(JSON.stringify(listHandedOver())).not.toContain("printed");
  });

  test("runs the job though nothing can be told of it, and says so", async () => {
    const file = configure();
    rmSync(join(folder, "jobs"), { recursive: true });
    const run = await runCollector("wrap", "--interface", "nightly", "--config", file, "--", "true");
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("cannot be written") });
    const without = await runCollector("wrap", "--interface", "nightly", "--config", "none.yaml", "--", "false");
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no file none.yaml") });
  });
});

describe("send", () => {
  test("takes a file to the gateway at once, and says what was not taken", async () => {
    const taken: { id: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const sent = z
          .array(z.looseObject({ id: z.string() }))
          .parse(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
        taken.push(...sent.slice(1));
        const errors = [{ path: "/0/time", message: "is later than it may be" }];
        const answer = { accepted: sent.length - 1, refused: 1, errors };
        response.writeHead(400).end(JSON.stringify(answer));
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = z.object({ port: z.int() }).parse(server.address());
    const file = configure(`http://127.0.0.1:${port}`);
    const sample = join(folder, "inventory.csv");
    copyFileSync(join(ROOT, "collector/src/edge/golden/csv/inventory.csv"), sample);
    const run = await runCollector("send", sample, "--interface", "inventory", "--config", file);
    const again = await runCollector("send", sample, "--interface", "inventory", "--config", file);
    server.closeAllConnections();
    server.close();
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`${taken.length / 2} events taken`);
    expect(run.stdout).toContain("  1 not taken: /time is later than it may be\n");
    expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length / 2);
    expect(again.stdout).toBe(run.stdout);
  });

  test.each([
    ["an unknown interface", ["--interface", "nothing"], "The configuration has no interface nothing."],
    ["a file that is not there", ["--interface", "inventory"], "There is no file"],
  ])("says what is wrong with %s", async (_what, options, message) => {
    const file = configure();
    const sample = options[1] === "nothing" ? file : join(folder, "none.csv");
    const run = await runCollector("send", sample, ...options, "--config", file);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
