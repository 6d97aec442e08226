import type { AttributePairs } from "@throughline/schemas/rows/otel-traces";

/** What OTLP says of a resource or a scope, shared by all that belongs to it. */
export interface ResourceFields {
  attributes: AttributePairs;
  schemaUrl: string;
}

export interface ScopeFields {
  name: string;
  version: string;
  attributes: AttributePairs;
  schemaUrl: string;
}

/** A span as it was sent. Ids are hexadecimal in lower case, of any length. */
export interface SpanFields {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: number;
  startNs: bigint;
  endNs: bigint;
  attributes: AttributePairs;
  events: { timestampNs: bigint; name: string; attributes: AttributePairs }[];
  links: { traceId: string; spanId: string; traceState: string; attributes: AttributePairs }[];
  statusCode: number;
  statusMessage: string;
}

/** A log record as it was sent. */
export interface LogFields {
  timeNs: bigint;
  observedNs: bigint;
  severityNumber: number;
  severityText: string;
  body: string;
  attributes: AttributePairs;
  flags: number;
  traceId: string;
  spanId: string;
  eventName: string;
}

/** A span or a log record within its request; it is decoded when it is read, so that a bad one harms no other. */
export interface OtlpEntry<T> {
  resource: ResourceFields;
  scope: ScopeFields;
  /** Throws `invalid_request` when it cannot be decoded. */
  read(): T;
  /** As it was sent. */
  bytes(): Buffer;
}

/** Attributes with this prefix name business objects: one id, or an array of them. */
export const OBJECT_PREFIX = "throughline.object.";

/** The value of an attribute as text. An id of an object that looks like an array is put into one, so that it stays an id. */
export function toAttributeText(key: string, value: string, isText: boolean): string {
  return isText && value.startsWith("[") && key.startsWith(OBJECT_PREFIX) ? JSON.stringify([value]) : value;
}

/** A double as text; JSON has no word for those that are not finite, so they are text there. */
export function toDoubleText(value: number, isInJson: boolean): string {
  if (Number.isFinite(value)) return JSON.stringify(value);
  return isInJson ? `"${value}"` : String(value);
}
