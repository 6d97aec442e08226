import { ROOT_CONTEXT } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SPAN_ID, TRACEPARENT, TRACE_ID, anyTrace, toContext, toIds } from "./carrier.fixture.ts";
import {
  extractCloudEvent,
  extractCloudEventHeaders,
  injectCloudEvent,
  injectCloudEventHeaders,
} from "./cloud-events.ts";

const event = { specversion: "1.0", id: "1", source: "/erp", type: "erp.goods_receipt.posted" };
const other = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

test("a trace comes out of an event as it went in, structured and binary", () => {
  const prefix = fc.constantFrom("ce-", "ce_", "cloudEvents:", "cloudEvents_");
  fc.assert(
    fc.property(anyTrace, prefix, (from, before) => {
      expect(toIds(extractCloudEvent(JSON.parse(JSON.stringify(injectCloudEvent(event, from)))))).toBe(toIds(from));
      const headers = { [`${before}id`]: "1" };
      injectCloudEventHeaders(headers, { from, prefix: before });
      expect(toIds(extractCloudEventHeaders(headers))).toBe(toIds(from));
    }),
  );
});

test("an event that is passed on keeps where it began", () => {
  const begun = { ...event, traceparent: other };
  expect(injectCloudEvent(begun, toContext())).toBe(begun);
  const headers = { "ce-traceparent": other };
  injectCloudEventHeaders(headers, { from: toContext() });
  expect(headers).toEqual({ "ce-traceparent": other });
});

test("the event's own trace goes before the transport's, which stands in where the event has none", () => {
  expect(toIds(extractCloudEventHeaders({ "ce-traceparent": TRACEPARENT, traceparent: other }))).toContain(TRACE_ID);
  expect(toIds(extractCloudEventHeaders({ traceparent: TRACEPARENT }))).toBe(`${TRACE_ID}/${SPAN_ID}/1`);
});

test("outside of a trace an event stays as it is, and a malformed one carries nothing", () => {
  expect(injectCloudEvent(event, ROOT_CONTEXT)).toBe(event);
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      expect(extractCloudEvent(anything)).toBe(ROOT_CONTEXT);
      expect(extractCloudEvent({ traceparent: anything })).toBe(ROOT_CONTEXT);
      expect(extractCloudEventHeaders({ "ce-traceparent": anything })).toBe(ROOT_CONTEXT);
    }),
  );
});
