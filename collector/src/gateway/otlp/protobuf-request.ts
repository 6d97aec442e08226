import type { LogFields, OtlpEntry, ResourceFields, ScopeFields, SpanFields } from "./fields.ts";
import { readAnyValue, readKeyValue } from "./protobuf-attributes.ts";
import {
  type ProtoReader,
  openProto,
  readBytes,
  readEnd,
  readFixed32,
  readFixed64,
  readHex,
  readMessage,
  readTag,
  readText,
  readVarint,
  skipField,
} from "./protobuf.ts";

/** The spans of an `ExportTraceServiceRequest`. Throws `invalid_request` when its frame is not sound. */
export function readTraceRequest(bytes: Buffer): OtlpEntry<SpanFields>[] {
  return readRequest(bytes, readSpan);
}

/** The records of an `ExportLogsServiceRequest`. */
export function readLogsRequest(bytes: Buffer): OtlpEntry<LogFields>[] {
  return readRequest(bytes, readLogRecord);
}

/** Both requests have the same frame: resources (1), in each its description (1) and scopes (2), in each its description (1) and entries (2). */
function readRequest<T>(bytes: Buffer, read: (reader: ProtoReader) => T): OtlpEntry<T>[] {
  const entries: OtlpEntry<T>[] = [];
  const reader = openProto(bytes);
  for (let tag = readTag(reader); tag !== 0; tag = readTag(reader)) {
    if (tag !== 10) {
      skipField(reader, tag);
      continue;
    }
    for (const entry of readResource(reader, read)) entries.push(entry);
  }
  return entries;
}

function readResource<T>(reader: ProtoReader, read: (reader: ProtoReader) => T): OtlpEntry<T>[] {
  const attributes: string[] = [];
  const resource: ResourceFields = { attributes, schemaUrl: "" };
  const entries: OtlpEntry<T>[] = [];
  readMessage(reader, (tag, inner) => {
    if (tag === 10) readAttributesMessage(inner, attributes);
    else if (tag === 18) for (const entry of readScope(inner, resource, read)) entries.push(entry);
    else if (tag === 26) resource.schemaUrl = readText(inner);
    else skipField(inner, tag);
  });
  return entries;
}

function readAttributesMessage(reader: ProtoReader, pairs: string[]) {
  readMessage(reader, (tag, inner) => (tag === 10 ? readKeyValue(inner, pairs) : skipField(inner, tag)));
}

function readScope<T>(reader: ProtoReader, resource: ResourceFields, read: (reader: ProtoReader) => T): OtlpEntry<T>[] {
  const attributes: string[] = [];
  const scope: ScopeFields = { name: "", version: "", attributes, schemaUrl: "" };
  const entries: OtlpEntry<T>[] = [];
  readMessage(reader, (tag, inner) => {
    if (tag === 10) {
      readMessage(inner, (field, within) => {
        if (field === 10) scope.name = readText(within);
        else if (field === 18) scope.version = readText(within);
        else if (field === 26) readKeyValue(within, attributes);
        else skipField(within, field);
      });
    } else if (tag === 18) {
      const bytes = readBytes(inner);
      entries.push({ resource, scope, read: () => read(openProto(bytes)), bytes: () => bytes });
    } else if (tag === 26) scope.schemaUrl = readText(inner);
    else skipField(inner, tag);
  });
  return entries;
}

function readSpan(reader: ProtoReader): SpanFields {
  const attributes: string[] = [];
  const span: SpanFields = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    traceState: "",
    name: "",
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    attributes,
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
  };
  for (let tag = readTag(reader); tag !== 0; tag = readTag(reader)) {
    if (tag === 74) readKeyValue(reader, attributes);
    else if (tag === 10) span.traceId = readHex(reader);
    else if (tag === 18) span.spanId = readHex(reader);
    else if (tag === 26) span.traceState = readText(reader);
    else if (tag === 34) span.parentSpanId = readHex(reader);
    else if (tag === 42) span.name = readText(reader);
    else if (tag === 48) span.kind = readVarint(reader);
    else if (tag === 57) span.startNs = readFixed64(reader);
    else if (tag === 65) span.endNs = readFixed64(reader);
    else if (tag === 90) span.events.push(readSpanEvent(reader));
    else if (tag === 106) span.links.push(readSpanLink(reader));
    else if (tag === 122) readStatus(reader, span);
    else skipField(reader, tag);
  }
  return span;
}

function readStatus(reader: ProtoReader, span: SpanFields) {
  readMessage(reader, (tag, inner) => {
    if (tag === 18) span.statusMessage = readText(inner);
    else if (tag === 24) span.statusCode = readVarint(inner);
    else skipField(inner, tag);
  });
}

function readSpanEvent(reader: ProtoReader): SpanFields["events"][number] {
  const attributes: string[] = [];
  const event = { timestampNs: 0n, name: "", attributes };
  readMessage(reader, (tag, inner) => {
    if (tag === 9) event.timestampNs = readFixed64(inner);
    else if (tag === 18) event.name = readText(inner);
    else if (tag === 26) readKeyValue(inner, attributes);
    else skipField(inner, tag);
  });
  return event;
}

function readSpanLink(reader: ProtoReader): SpanFields["links"][number] {
  const attributes: string[] = [];
  const link = { traceId: "", spanId: "", traceState: "", attributes };
  readMessage(reader, (tag, inner) => {
    if (tag === 10) link.traceId = readHex(inner);
    else if (tag === 18) link.spanId = readHex(inner);
    else if (tag === 26) link.traceState = readText(inner);
    else if (tag === 34) readKeyValue(inner, attributes);
    else skipField(inner, tag);
  });
  return link;
}

function readLogRecord(reader: ProtoReader): LogFields {
  const attributes: string[] = [];
  const record: LogFields = {
    timeNs: 0n,
    observedNs: 0n,
    severityNumber: 0,
    severityText: "",
    body: "",
    attributes,
    flags: 0,
    traceId: "",
    spanId: "",
    eventName: "",
  };
  for (let tag = readTag(reader); tag !== 0; tag = readTag(reader)) {
    if (tag === 9) record.timeNs = readFixed64(reader);
    else if (tag === 16) record.severityNumber = readVarint(reader);
    else if (tag === 26) record.severityText = readText(reader);
    else if (tag === 42) record.body = readBody(reader);
    else if (tag === 50) readKeyValue(reader, attributes);
    else if (tag === 69) record.flags = readFixed32(reader);
    else if (tag === 74) record.traceId = readHex(reader);
    else if (tag === 82) record.spanId = readHex(reader);
    else if (tag === 89) record.observedNs = readFixed64(reader);
    else if (tag === 98) record.eventName = readText(reader);
    else skipField(reader, tag);
  }
  return record;
}

function readBody(reader: ProtoReader): string {
  const end = readEnd(reader);
  const text = readAnyValue({ bytes: reader.bytes, at: reader.at, end }, { depth: 0, isInJson: false });
  reader.at = end;
  return text;
}
