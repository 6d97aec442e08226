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

/** Runs an example of a page as a module. */
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

test("the example of a registry finds the trace of an order by its answer", async () => {
  const carrying = readFileSync(join(ROOT, "docs/how-to/carry-a-trace.md"), "utf8");
  const code = [...carrying.matchAll(/```ts\n([\s\S]*?)```/g)][1]?.[1] ?? "";
  const header =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1015*U*00401*000000017*0*P*>~";
  const order = `${header}GS*PO*A*B*20260302*1015*17*X*004010~ST*850*0001~BEG*00*SA*4500012345**20260302~SE*3*0001~GE*1*17~IEA*1*000000017~`;
  const reply = `${header}GS*PR*B*A*20260302*1015*9*X*004010~ST*855*0001~BAK*00*AC*4500012345*20260302~SE*3*0001~GE*1*9~IEA*1*000000018~`;
  const module = `
    import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
    import { extractX12 } from "@throughline/sdk/carriers/x12";
    import { createRegistry as create } from "@throughline/sdk/carriers/registry";
    import { expect } from "vitest";
    const [order, reply] = ${JSON.stringify([order, reply])};
    const sent = trace.setSpanContext(ROOT_CONTEXT, { traceId: "${"a".repeat(32)}", spanId: "${"b".repeat(16)}", traceFlags: 1 });
    const createRegistry = (options) => {
      const registry = create({ ...options, path: undefined });
      return { ...registry, remember: (keys) => registry.remember(keys, sent) };
    };
    ${code}
    expect(trace.getSpanContext(parent).traceId).toBe("${"a".repeat(32)}");`;
  await expect(runExample("third", module)).resolves.toBeUndefined();
});
