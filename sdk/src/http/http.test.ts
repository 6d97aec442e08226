import { type IncomingHttpHeaders, type Server, createServer, request as sendRequest } from "node:http";
import { SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { suppressTracing } from "@opentelemetry/core";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toHeaders } from "../carriers/headers.ts";
import { createMemoryExporter } from "../exporters/memory-exporter.ts";
import { type Throughline, createThroughline } from "../throughline.ts";
import { createExpressMiddleware } from "./express.ts";
import { createTracedFetch } from "./fetch.ts";
import type { ServerOptions } from "./server-span.ts";

const STRANGER = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const order = { type: "purchase_order", id: "4500012345" } as const;
let spans: InMemorySpanExporter;
let throughline: Throughline;
let server: Server;
let received: IncomingHttpHeaders;
let options: ServerOptions;
let isHanging: boolean;
let url: string;

beforeEach(async () => {
  spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  throughline = createThroughline({
    source: "/erp",
    exporter: createMemoryExporter(),
    tracing: provider,
    handleExit: false,
    carryObjects: ["purchase_order"],
  });
  throughline.start();
  options = {};
  isHanging = false;
  received = {};
  server = createServer((request, response) => {
    received = request.headers;
    createExpressMiddleware(throughline, options)(request, response, () => {
      if (isHanging) return;
      throughline.emit({ type: "erp.purchase_order.received" });
      response.writeHead(request.url?.startsWith("/503") ? 503 : 200, { "retry-after": "7" }).end("answer");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  for (const api of [trace, context, propagation]) api.disable();
});

/** Ends of spans may come after the answer. */
async function getSpan(name: string) {
  await expect.poll(() => spans.getFinishedSpans().some((span) => span.name === name)).toBe(true);
  const span = spans.getFinishedSpans().find((found) => found.name === name);
  if (span === undefined) throw new Error(`There is no span ${name}.`);
  return span;
}

describe("a server", () => {
  test("goes on with the trace that comes, and with none that is malformed", async () => {
    await fetch(url, { headers: { traceparent: STRANGER, baggage: "throughline.object.lot=L1;x=y" } });
    const { attributes, parentSpanContext } = await getSpan("GET");
    expect(parentSpanContext?.traceId).toBe("a".repeat(32));
    expect(attributes).toMatchObject({ "throughline.object.lot": "L1", "http.response.status_code": 200 });
    expect(throughline.emitted()[0]?.traceparent?.slice(3, 35)).toBe("a".repeat(32));
    spans.reset();
    await fetch(url, { method: "PURGE", headers: { traceparent: `${STRANGER}-more`, baggage: "%".repeat(8000) } });
    expect((await getSpan("_OTHER")).parentSpanContext).toBeUndefined();
  });

  test("takes neither trace nor keys from strangers, but names where they came from", async () => {
    options = { acceptTrace: false };
    await fetch(url, { headers: { traceparent: STRANGER, baggage: "throughline.object.lot=L1" } });
    const span = await getSpan("GET");
    expect(span.spanContext().traceId).not.toBe("a".repeat(32));
    expect(span.links.map((link) => link.context.traceId)).toEqual(["a".repeat(32)]);
    expect(span.attributes).not.toHaveProperty("throughline.object.lot");
  });

  test("says that a caller went away before the answer", async () => {
    isHanging = true;
    const call = sendRequest(url).on("error", () => undefined);
    call.end();
    await expect.poll(() => received.host).toBeDefined();
    call.destroy();
    expect((await getSpan("GET")).attributes).toMatchObject({ "error.type": "aborted" });
  });

  test("makes no second span where the host's own instrumentation has one", async () => {
    const host = throughline.startSpan({ name: "host" });
    await host.run(async () => {
      const middleware = createExpressMiddleware(throughline);
      const response = { statusCode: 200, writableFinished: true, once: (_: string, done: () => void) => done() };
      await new Promise<void>((done) => middleware({ method: "GET", headers: {} }, response, done));
    });
    host.end();
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(["host"]);
  });
});

describe("fetch", () => {
  const call = (...given: Parameters<typeof fetch>) => createTracedFetch(throughline)(...given);

  test("tells strangers the trace, and the keys only to hosts that may know them", async () => {
    const withKeys = createTracedFetch(throughline, { baggageTo: ["127.0.0.1", "*.hospital.example"] });
    await throughline.withStep({ type: "erp.purchase_order.sent", objects: [order] }, async () => {
      await call(url);
      expect(received["baggage"]).toBeUndefined();
      expect(received["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      await withKeys(url);
      expect(received["baggage"]).toBe("throughline.object.purchase_order=4500012345");
    });
  });

  test("keeps what the host sends, in each of the ways to say it", async () => {
    await call(new URL(url), { headers: [["x-own", "1"]] });
    expect(received["x-own"]).toBe("1");
    await call(new Request(url, { method: "PUT", body: "text", headers: { "x-own": "2" } }));
    expect([received["x-own"], received["content-length"]]).toEqual(["2", "4"]);
    expect(received["traceparent"]).toBeDefined();
  });

  test("hands on what comes, and marks what failed", async () => {
    const response = await call(`${url}/503?patient=Jane`);
    expect([response.status, await response.text()]).toEqual([503, "answer"]);
    const failed = spans.getFinishedSpans().find(({ attributes }) => attributes["server.address"] === "127.0.0.1");
    expect(failed).toMatchObject({ status: { code: 2 }, attributes: { "http.response.header.retry-after": ["7"] } });
    expect(
      JSON.stringify(spans.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }))),
    ).not.toContain("Jane");
    await expect(call("not a url")).rejects.toThrow(TypeError);
    await expect(call("http://127.0.0.1:1")).rejects.toThrow("fetch failed");
    await expect(call(url, { headers: { "bad name": "1" } })).rejects.toThrow(TypeError);
    expect(
      spans.getFinishedSpans().filter(({ status }) => status.code === SpanStatusCode.ERROR).length,
    ).toBeGreaterThanOrEqual(3);
  });

  test("leaves requests alone that are not to be traced", async () => {
    await context.with(suppressTracing(context.active()), () => call(url));
    expect(received["traceparent"]).toBeUndefined();
    expect(toHeaders({ from: suppressTracing(context.active()) })).toEqual({});
  });
});
