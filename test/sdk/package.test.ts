import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../repository/root.ts";
import { startSink } from "./sink.ts";

const DIST = join(ROOT, "sdk/dist");
const MAX_GZIP_BYTES = 40 * 1024;
const FETCH_TIMEOUT_MS = 120_000;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "throughline-node-"));
  execFileSync(process.execPath, [join(ROOT, "sdk/build.ts")], { stdio: "pipe" });
});
afterAll(() => rmSync(directory, { recursive: true }));

test("exports exactly this", async () => {
  const entries = Object.entries(readPackage().exports);
  const found = await Promise.all(
    entries
      .filter(([entry]) => entry !== "./vitest")
      .map(async ([entry, { default: file }]) => {
        const loaded: object = await import(pathToFileURL(join(DIST, file)).href);
        return [entry, Object.keys(loaded).toSorted()];
      }),
  );
  expect(Object.fromEntries(found)).toEqual({
    ".": ["StepError", "classifyError", "createConsoleExporter", "createMemoryExporter", "createThroughline"],
    "./carriers/cloud-events": [
      "extractCloudEvent",
      "extractCloudEventHeaders",
      "injectCloudEvent",
      "injectCloudEventHeaders",
    ],
    "./carriers/file-name": ["extractFileName", "injectFileName", "removeFileNameTrace"],
    "./carriers/headers": ["extractHeaders", "fromTraceparent", "injectHeaders", "toHeaders", "toTraceparent"],
    "./carriers/hl7": ["extractHl7", "injectHl7"],
    "./carriers/objects": ["readObjects", "withObjects"],
    "./carriers/registry": ["createRegistry"],
    "./carriers/side-car": ["readSideCar", "toSideCarPath", "writeSideCar"],
    "./carriers/x12": ["extractX12", "injectX12"],
    "./hono": ["createHonoMiddleware"],
    "./express": ["createExpressMiddleware"],
    "./fastify": ["createFastifyPlugin"],
    "./fetch": ["createTracedFetch"],
    "./undici": ["createUndiciInterceptor"],
    "./amqplib": ["wrapChannel"],
    "./nats": ["processMessage", "wrapNats"],
    "./kafkajs": ["wrapConsumer", "wrapProducer"],
    "./pg": ["wrapPg"],
    "./testing": ["createTestExporter", "createTestThroughline"],
  });
  expect(entries.map(([entry]) => entry).filter((entry) => !found.some(([name]) => name === entry))).toEqual([
    "./vitest",
  ]);
});

test("is at most 40 KB, gzipped, without OpenTelemetry", () => {
  const code = globSync("**/*.js", { cwd: DIST }).map((file) => readFileSync(join(DIST, file)));
  expect(gzipSync(Buffer.concat(code)).length).toBeLessThan(MAX_GZIP_BYTES);
});

test("needs nothing at run time but OpenTelemetry and node, and its types need nothing else either", () => {
  const files = globSync("**/*.{js,d.ts}", { cwd: DIST }).map((file) => readFileSync(join(DIST, file), "utf8"));
  const imported = files.flatMap((text) =>
    [...text.matchAll(/(?:from|import) "([^."][^"]*)"/g)].map(([, name]) => name),
  );
  const packages = new Set(imported.filter((name) => name !== undefined && !name.startsWith("node:")));
  const { dependencies, peerDependencies } = readPackage();
  const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  expect([...packages].filter((name) => name !== undefined && !declared.has(name))).toEqual([]);
  expect([...packages].filter((name) => name?.startsWith("@throughline/"))).toEqual([]);
});

test.for(["20", "22", "24"])(
  "the built package does all it does on Node %s, and ends with SIGTERM",
  { timeout: 180_000 },
  async (version, { skip }) => {
    const node = await findNode(version);
    if (node === undefined) skip(`node ${version} is neither installed nor can it be fetched`);
    const sink = await startSink();
    const folder = mkdtempSync(join(directory, `${version}-`));
    const args = [join(import.meta.dirname, "node-host.mjs"), `${pathToFileURL(DIST).href}/`, sink.url, folder];
    const host = spawn(node ?? "", args, { stdio: ["ignore", "pipe", "pipe"] });
    let complaints = "";
    host.stderr.on("data", (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    const ended = once(host, "exit");
    await Promise.race([once(host.stdout, "data"), ended]);
    host.kill("SIGTERM");
    const [code, signal] = await ended;
    expect([code, signal, complaints]).toEqual([null, "SIGTERM", ""]);
    expect(sink.events).toMatchObject([
      { sequence: "1", type: "procurement.purchase_order.issued", data: { attributes: { status: 202, records: 2 } } },
    ]);
    expect(sink.events[0]?.source.startsWith(`/node/${version}.`)).toBe(true);
    expect(sink.spans.map(({ name }) => name).toSorted()).toEqual([
      "client POST",
      "internal procurement.purchase_order.issued",
    ]);
    await sink.close();
  },
);

interface Published {
  exports: Record<string, { default: string }>;
  dependencies: object;
  peerDependencies: object;
}

function readPackage(): Published {
  const published: Published = JSON.parse(readFileSync(join(DIST, "package.json"), "utf8"));
  return published;
}

/** The node of that version, from its npm package; undefined without a registry. */
async function findNode(version: string): Promise<string | undefined> {
  const asked = ["-y", `node@${version}`, "-p", "process.execPath"];
  try {
    const { stdout } = await promisify(execFile)("npx", asked, { cwd: directory, timeout: FETCH_TIMEOUT_MS });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
