import { createServer } from "node:http";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, expect, test } from "vitest";
import { createMemoryExporter } from "../exporters/memory-exporter.ts";
import { StepError } from "../steps/step-error.ts";
import { type ThroughlineOptions, createThroughline } from "../throughline.ts";

const TYPE = "erp.goods_receipt.posted" as const;

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

/** OpenTelemetry as a host has it. */
function setUpHost() {
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { spans, provider };
}

function create(options: Partial<ThroughlineOptions> = {}) {
  const throughline = createThroughline({
    source: "/erp",
    site: "north",
    exporter: createMemoryExporter(),
    handleExit: false,
    ...options,
  });
  throughline.start();
  return throughline;
}

test("makes span and event of one trace with the provider that the host registered", async () => {
  const { spans, provider } = setUpHost();
  trace.setGlobalTracerProvider(provider);
  const throughline = create();
  await throughline.withStep(
    { type: TYPE, objects: [{ type: "purchase_order_line", id: "1/10" }], attempt: 2 },
    async (step) => {
      await Promise.resolve();
      expect(trace.getSpan(context.active())).toBe(step.span);
      step.add({
        objects: [
          { type: "lot", id: "a" },
          { type: "lot", id: "b" },
        ],
      });
    },
  );
  const [span] = spans.getFinishedSpans();
  expect(span?.name).toBe(TYPE);
  expect(span?.attributes).toMatchObject({
    "throughline.object.purchase_order_line": "1/10",
    "throughline.object.lot": ["a", "b"],
    "throughline.site": "north",
    "throughline.outcome": "ok",
    "throughline.attempt": 2,
  });
  const { traceId, spanId } = span?.spanContext() ?? { traceId: "", spanId: "" };
  expect(throughline.emitted()[0]?.traceparent).toBe(`00-${traceId}-${spanId}-01`);
});

test("marks a failed step on span and event, without texts that are not ours", async () => {
  const { spans, provider } = setUpHost();
  const throughline = create({ tracing: provider });
  const failures = [
    new StepError("mapping", "unknown unit", { code: "UOM", retryable: false }),
    Object.assign(new Error("patient Jane Doe"), { status: 429 }),
    new Error("patient Jane Doe"),
  ];
  for (const failure of failures)
    await throughline.withStep({ type: TYPE }, () => Promise.reject(failure)).catch(() => undefined);
  expect(throughline.emitted().map(({ data }) => data)).toEqual([
    { outcome: "failed", error: { class: "mapping", code: "UOM", message: "unknown unit", retryable: false } },
    { outcome: "failed", error: { class: "rate_limit", retryable: true } },
    { outcome: "failed" },
  ]);
  const finished = spans.getFinishedSpans().map(({ status, attributes, events }) => ({ status, attributes, events }));
  expect(finished.map(({ status }) => status.code)).toEqual([2, 2, 2]);
  expect(JSON.stringify(finished)).not.toContain("Jane Doe");
});

test("ends a step once, and never fails its host", () => {
  const throughline = create({ tracing: "off" });
  const step = throughline.startStep({ type: TYPE });
  expect(step.end()).toBeDefined();
  expect(step.fail(new Error("late"))).toBeUndefined();
  const odd: unknown = { type: TYPE, objects: 7, parent: undefined };
  const broken: unknown = Reflect.apply(Reflect.get(throughline, "startStep"), throughline, [odd]);
  expect(broken).toMatchObject({ end: expect.any(Function) });
  expect(throughline.emitted()).toHaveLength(1);
});

test("alone, it sends spans to the gateway and carries context, and gives all back at the end", async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.url} ${request.headers.authorization}`);
    request.resume().on("end", () => response.writeHead(200).end("{}"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const throughline = create({ gateway: { url: `http://127.0.0.1:${port}/base`, key: "tl_test" } });
  const carrier: Record<string, string> = {};
  await throughline.withStep({ type: TYPE }, async () => {
    await Promise.resolve();
    propagation.inject(context.active(), carrier);
  });
  expect(await throughline.shutdown()).toBe(true);
  expect(paths).toEqual(["/base/v1/traces Bearer tl_test"]);
  expect(carrier["traceparent"]).toBe(throughline.emitted()[0]?.traceparent);
  expect(carrier["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(propagation.fields()).toEqual([]);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
