import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { type WritableHeaders, readHeader, writeHeader } from "./header-access.ts";
import { FIELDS, type Fields, fromFields, isFieldValue, toFields } from "./w3c.ts";

export type { WritableHeaders };

export interface CarryOptions {
  /** The active context unless given. */
  from?: Context;
  /** False leaves baggage out, and with it the business keys: for those who are not to know them. */
  withBaggage?: boolean;
}

/** Writes `traceparent`, `tracestate` and `baggage` into headers, in place of those that are there. Never throws. */
export function injectHeaders(headers: WritableHeaders, options: CarryOptions = {}): void {
  const { from = context.active(), withBaggage = true } = options;
  const fields = toFields(from);
  for (const name of FIELDS) {
    const value = name === "baggage" && !withBaggage ? undefined : fields[name];
    if (value !== undefined) writeHeader(headers, name, value);
  }
}

/** The headers as an object of their own, for clients that take one. Never throws. */
export function toHeaders(options: CarryOptions = {}): Record<string, string> {
  const headers: Record<string, string> = {};
  injectHeaders(headers, options);
  return headers;
}

/**
 * The context that came with a message, from headers of any of the usual kinds: methods, plain objects whatever the case of
 * their names, with texts, bytes or lists of them. What is missing or malformed is as if it were not there. Never throws.
 */
export function extractHeaders(headers: unknown, onto: Context = ROOT_CONTEXT): Context {
  const fields: Fields = {};
  for (const name of FIELDS) {
    const value = readHeader(headers, name);
    if (value !== undefined) fields[name] = value;
  }
  return fromFields(fields, onto);
}

/** The context as one text of 55 characters, for a column of an outbox or a field of a file; undefined outside of a trace. */
export function toTraceparent(from: Context = context.active()): string | undefined {
  return toFields(from).traceparent;
}

/** The context that such a text names. What is none changes nothing. */
export function fromTraceparent(traceparent: unknown, onto: Context = ROOT_CONTEXT): Context {
  return isFieldValue(traceparent) ? fromFields({ traceparent }, onto) : onto;
}
