import {
  type Context,
  ROOT_CONTEXT,
  type TextMapGetter,
  type TextMapSetter,
  isSpanContextValid,
  trace,
} from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";

/** What travels, by the names of W3C Trace Context and W3C Baggage. */
export const TRACE_FIELDS = ["traceparent", "tracestate"] as const;
export const FIELDS = [...TRACE_FIELDS, "baggage"] as const;
export type FieldName = (typeof FIELDS)[number];
export type Fields = Partial<Record<FieldName, string>>;

/** As W3C Baggage bounds it; the others are shorter. */
const MAX_FIELD = 8192;
/** Flags that version 00 knows: sampled, and random of level 2. */
const KNOWN_FLAGS = 0x03;
const PRINTABLE = /^[\x20-\x7e]*$/;

const propagator = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
});
const setter: TextMapSetter<Fields> = {
  set: (fields, name, value) => {
    if (isFieldName(name) && isFieldValue(value)) fields[name] = value;
  },
};
const getter: TextMapGetter<Fields> = {
  keys: (fields) => Object.keys(fields),
  get: (fields, name) => (isFieldName(name) ? fields[name] : undefined),
};

/** What a context has to say; nothing of it needs escaping in a header. Never throws. */
export function toFields(from: Context): Fields {
  const fields: Fields = {};
  try {
    propagator.inject(maskFlags(from), fields, setter);
  } catch {
    // Baggage of the host's that cannot be encoded: what was set before it stays.
  }
  return fields;
}

/** The context that fields describe, on top of another. What is no valid field is as if it were not there. Never throws. */
export function fromFields(fields: Fields, onto: Context = ROOT_CONTEXT): Context {
  const valid: Fields = {};
  for (const name of FIELDS) {
    const value = fields[name];
    if (value !== undefined && isFieldValue(value)) valid[name] = value;
  }
  try {
    return maskFlags(propagator.extract(onto, valid, getter));
  } catch {
    return onto;
  }
}

/** The fields among the members of anything that was read back. */
export function pickFields(found: object): Fields {
  const fields: Fields = {};
  for (const name of FIELDS) {
    const value: unknown = Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined;
    if (isFieldValue(value)) fields[name] = value;
  }
  return fields;
}

/** Text that can stand in any header: short, printable ASCII, so without line breaks. */
export function isFieldValue(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_FIELD && PRINTABLE.test(value);
}

/** Flags of later versions would be written as one digit too many. */
function maskFlags(from: Context): Context {
  const span = trace.getSpanContext(from);
  if (span === undefined || !isSpanContextValid(span) || (span.traceFlags & ~KNOWN_FLAGS) === 0) return from;
  return trace.setSpanContext(from, { ...span, traceFlags: span.traceFlags & KNOWN_FLAGS });
}

function isFieldName(name: string): name is FieldName {
  return FIELDS.some((field) => field === name);
}
