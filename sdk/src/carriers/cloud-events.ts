import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { type WritableHeaders, readHeader, writeHeader } from "./header-access.ts";
import { extractHeaders } from "./headers.ts";
import { TRACE_FIELDS, fromFields, toFields } from "./w3c.ts";

/** What stands before an attribute in binary mode: `ce-` in HTTP and NATS, `ce_` in Kafka, `cloudEvents:` or `cloudEvents_` in AMQP. */
const PREFIXES = ["ce-", "ce_", "cloudEvents:", "cloudEvents_"] as const;
export type CloudEventPrefix = (typeof PREFIXES)[number];

/**
 * A copy of a CloudEvent in structured mode with the attributes of the distributed tracing extension. An event that has a
 * `traceparent` keeps it: it names where the event began. Never throws.
 */
export function injectCloudEvent<E extends object>(
  event: E,
  from: Context = context.active(),
): E & { traceparent?: string; tracestate?: string } {
  if (readText(event, "traceparent") !== undefined) return event;
  const { traceparent, tracestate } = toFields(from);
  if (traceparent === undefined) return event;
  return { ...event, traceparent, ...(tracestate !== undefined && { tracestate }) };
}

/** Where a CloudEvent in structured mode began. Never throws. */
export function extractCloudEvent(event: unknown, onto: Context = ROOT_CONTEXT): Context {
  if (typeof event !== "object" || event === null) return onto;
  const traceparent = readText(event, "traceparent");
  const tracestate = readText(event, "tracestate");
  if (traceparent === undefined) return onto;
  return fromFields({ traceparent, ...(tracestate !== undefined && { tracestate }) }, onto);
}

/** Writes the attributes of an event in binary mode, unless there are some. Never throws. */
export function injectCloudEventHeaders(
  headers: WritableHeaders,
  options: { prefix?: CloudEventPrefix; from?: Context } = {},
): void {
  const { prefix = "ce-", from = context.active() } = options;
  if (readHeader(headers, `${prefix}traceparent`) !== undefined) return;
  const fields = toFields(from);
  for (const name of TRACE_FIELDS) {
    const value = fields[name];
    if (value !== undefined) writeHeader(headers, `${prefix}${name}`, value);
  }
}

/** Where an event in binary mode began; what the transport's own headers say, when the event does not. Never throws. */
export function extractCloudEventHeaders(headers: unknown, onto: Context = ROOT_CONTEXT): Context {
  const carried = extractHeaders(headers, onto);
  for (const prefix of PREFIXES) {
    const traceparent = readHeader(headers, `${prefix}traceparent`);
    const tracestate = readHeader(headers, `${prefix}tracestate`);
    if (traceparent !== undefined)
      return fromFields({ traceparent, ...(tracestate !== undefined && { tracestate }) }, carried);
  }
  return carried;
}

function readText(event: object, name: string): string | undefined {
  const value: unknown = Object.hasOwn(event, name) ? Reflect.get(event, name) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
