import { ROOT_CONTEXT, baggageEntryMetadataFromString, propagation, trace } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SPAN_ID, TRACEPARENT, TRACE_ID, anyTrace, toContext, toIds } from "./carrier.fixture.ts";
import { extractHeaders, fromTraceparent, injectHeaders, toHeaders, toTraceparent } from "./headers.ts";
import { readObjects, withObjects } from "./objects.ts";

const order = { type: "purchase_order", id: "4500012345" } as const;

test("a trace and its keys come out of headers as they went in, whatever the kind of headers", () => {
  const kinds: [string, () => Headers | Map<string, unknown> | Record<string, unknown>][] = [
    ["an object", () => ({})],
    ["fetch", () => new Headers()],
    ["a map", () => new Map<string, unknown>()],
  ];
  fc.assert(
    fc.property(anyTrace, fc.constantFrom(...kinds), (from, [, create]) => {
      const headers = create();
      injectHeaders(headers, { from: withObjects(from, [order]) });
      const carried = extractHeaders(headers);
      expect(toIds(carried)).toBe(toIds(from));
      expect(readObjects(carried)).toEqual([order]);
    }),
  );
});

test.each([
  ["bytes, as Kafka and AMQP have them", { traceparent: Buffer.from(TRACEPARENT) }],
  ["a list of one", { traceparent: [TRACEPARENT] }],
  ["names in another case", { TraceParent: TRACEPARENT }],
  ["a later version with more parts", { traceparent: `01-${TRACE_ID}-${SPAN_ID}-01-more` }],
])("reads %s", (_, headers) => {
  expect(toIds(extractHeaders(headers))).toBe(`${TRACE_ID}/${SPAN_ID}/1`);
});

test.each([
  ["nothing", undefined],
  ["a number", 7],
  ["no headers", {}],
  ["a traceparent of zeros", { traceparent: `00-${"0".repeat(32)}-${SPAN_ID}-01` }],
  ["a forbidden version", { traceparent: `ff-${TRACE_ID}-${SPAN_ID}-01` }],
  ["capitals", { traceparent: TRACEPARENT.toUpperCase() }],
  ["more than version 00 has", { traceparent: `${TRACEPARENT}-more` }],
  ["a line break behind", { traceparent: `${TRACEPARENT}\r\nx-admin: 1` }],
  ["two traceparents", { traceparent: [TRACEPARENT, TRACEPARENT] }],
  ["an object as a value", { traceparent: { toString: () => TRACEPARENT } }],
  ["a megabyte", { traceparent: TRACEPARENT.repeat(20_000) }],
  ["a megabyte of bytes", { traceparent: Buffer.alloc(1e6, TRACEPARENT) }],
])("takes %s as no trace", (_, headers) => {
  expect(extractHeaders(headers)).toBe(ROOT_CONTEXT);
});

test("headers that throw carry nothing, and cost the host nothing", () => {
  const broken = {
    get: () => {
      throw new Error("closed");
    },
    set: () => {
      throw new Error("closed");
    },
  };
  expect(() => injectHeaders(broken, { from: toContext() })).not.toThrow();
  expect(() => injectHeaders(Object.freeze({}), { from: toContext() })).not.toThrow();
  expect(extractHeaders(broken)).toBe(ROOT_CONTEXT);
});

test("replaces a header that is there in another case", () => {
  const headers = { Traceparent: "old", other: "kept" };
  injectHeaders(headers, { from: toContext() });
  expect(headers).toEqual({ traceparent: TRACEPARENT, other: "kept" });
});

test("what baggage from a queue smuggles in never becomes a header", () => {
  const smuggled = propagation.createBaggage({
    a: { value: "1", metadata: baggageEntryMetadataFromString("x\r\nx-admin: 1") },
  });
  const headers = toHeaders({ from: propagation.setBaggage(toContext(), smuggled) });
  expect(headers).toEqual({ traceparent: TRACEPARENT });
  expect(propagation.getBaggage(extractHeaders({ baggage: Buffer.from("a=1;x\r\nx-admin: 1") }))).toBeUndefined();
  const lone = propagation.createBaggage({ a: { value: "\ud800" } });
  expect(toHeaders({ from: propagation.setBaggage(toContext(), lone) })).toEqual({ traceparent: TRACEPARENT });
});

test("whatever comes as headers, what goes on is printable ASCII of at most 8 KB, and nothing throws", () => {
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array(), fc.anything());
  const headers = fc.record({
    traceparent: fc.oneof(fc.constant(TRACEPARENT), value),
    tracestate: value,
    baggage: value,
  });
  fc.assert(
    fc.property(headers, (given) => {
      for (const written of Object.values(toHeaders({ from: extractHeaders(given) }))) {
        expect(written).toMatch(/^[ -~]{1,8192}$/);
        expect(() => new Headers({ written })).not.toThrow();
      }
    }),
  );
});

test("leaves baggage out for those who are not to know the keys", () => {
  const from = withObjects(toContext(), [order]);
  expect(toHeaders({ from, withBaggage: false })).toEqual({ traceparent: TRACEPARENT });
  expect(toHeaders({ from })).toEqual({
    traceparent: TRACEPARENT,
    baggage: "throughline.object.purchase_order=4500012345",
  });
});

test("a trace goes into one text and back, and flags of later versions keep it valid", () => {
  fc.assert(
    fc.property(anyTrace, (from) => {
      expect(toIds(fromTraceparent(toTraceparent(from)))).toBe(toIds(from));
    }),
  );
  const flagged = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 0xff });
  expect(toTraceparent(flagged)).toBe(`00-${TRACE_ID}-${SPAN_ID}-03`);
  expect(toTraceparent(ROOT_CONTEXT)).toBeUndefined();
  expect(fromTraceparent("nonsense")).toBe(ROOT_CONTEXT);
});
