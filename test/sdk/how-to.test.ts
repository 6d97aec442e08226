import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestGateway, startTestGateway } from "@throughline/collector/gateway/gateway.fixture";
import { ROOT } from "../repository/root.ts";

const page = readFileSync(join(ROOT, "docs/how-to/instrument-a-service.md"), "utf8");
const [first = "", second = ""] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
const directory = mkdtempSync(join(import.meta.dirname, "example-"));
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway.stop();
  rmSync(directory, { recursive: true });
});

/** Runs an example of the page as a module. */
async function runExample(name: string, code: string): Promise<void> {
  const path = join(directory, `${name}.ts`);
  writeFileSync(path, code);
  await import(pathToFileURL(path).href);
}

test("the example of the page sends its events", async () => {
  const settings = { gatewayUrl: gateway.gateway.url, key: "ingest" };
  await runExample("first", `const { gatewayUrl, key } = ${JSON.stringify(settings)};\n${first}`);
  expect(await gateway.query("SELECT type, outcome FROM events ORDER BY time, type")).toHaveLength(3);
  expect(await gateway.query("SELECT SpanName AS name FROM otel_traces")).toEqual([{ name: "erp.invoice.posted" }]);
});

test("the example of a test holds", async () => {
  await expect(runExample("second", `import { expect } from "vitest";\n${second}`)).resolves.toBeUndefined();
});
