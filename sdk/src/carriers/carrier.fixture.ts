import { type Context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import * as fc from "fast-check";

export const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
export const SPAN_ID = "00f067aa0ba902b7";
export const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

/** A context in which a span is active that is known by its ids alone. */
export function toContext(traceId = TRACE_ID, spanId = SPAN_ID): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED });
}

/** `trace id/span id/flags`, to compare contexts by. */
export function toIds(from: Context | undefined): string | undefined {
  const span = from && trace.getSpanContext(from);
  return span && `${span.traceId}/${span.spanId}/${span.traceFlags}`;
}

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef".split("")), { minLength: digits, maxLength: digits })
    .map((parts) => parts.join(""))
    .filter((text) => /[^0]/.test(text));

export const anyTrace: fc.Arbitrary<Context> = fc
  .tuple(hex(32), hex(16))
  .map(([traceId, spanId]) => toContext(traceId, spanId));
