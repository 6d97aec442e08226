import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../repository/root.ts";

const DIST = join(ROOT, "sdk/dist");
const MAX_GZIP_BYTES = 40 * 1024;
const SYSTEM_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path));

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "sdk/build.ts")], { stdio: "pipe" });
});

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

test.skipIf(SYSTEM_NODE === undefined)(
  "runs on the node of this system (skipped where there is none beside the pinned one)",
  () => {
    const code = `
      import { createConsoleExporter, createThroughline } from ${JSON.stringify(pathToFileURL(join(DIST, "index.js")).href)};
      const throughline = createThroughline({ source: "/erp", exporter: createConsoleExporter() });
      throughline.start();
      await throughline.withStep({ type: "erp.goods_receipt.posted" }, () => undefined);
      await throughline.shutdown();`;
    const printed = execFileSync(SYSTEM_NODE ?? "", ["--input-type=module", "-e", code], { encoding: "utf8" });
    expect(JSON.parse(printed)).toMatchObject({ type: "erp.goods_receipt.posted", data: { outcome: "ok" } });
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
