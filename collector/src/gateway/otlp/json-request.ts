import { AppError } from "@throughline/schemas/error";
import {
  type LogFields,
  type OtlpEntry,
  type ResourceFields,
  type ScopeFields,
  type SpanFields,
  toAttributeText,
} from "./fields.ts";
import { toAnyValueText, toInt64, toNumber, toText, listAt, membersOf } from "./json-value.ts";

/** The spans of an `ExportTraceServiceRequest` in OTLP's JSON form. Throws `invalid_request` when its frame is not sound. */
export function readTraceRequestJson(value: unknown): OtlpEntry<SpanFields>[] {
  return readRequest(value, { resources: "resourceSpans", scopes: "scopeSpans", entries: "spans", read: readSpan });
}

/** The records of an `ExportLogsServiceRequest` in OTLP's JSON form. */
export function readLogsRequestJson(value: unknown): OtlpEntry<LogFields>[] {
  return readRequest(value, {
    resources: "resourceLogs",
    scopes: "scopeLogs",
    entries: "logRecords",
    read: readLogRecord,
  });
}

interface Shape<T> {
  resources: string;
  scopes: string;
  entries: string;
  read: (value: unknown) => T;
}

function readRequest<T>(value: unknown, shape: Shape<T>): OtlpEntry<T>[] {
  return listAt(membersOf(value, ""), shape.resources, "").flatMap((item, index) => {
    const path = `/${shape.resources}/${index}`;
    const members = membersOf(item, path);
    const description = members["resource"] === undefined ? {} : membersOf(members["resource"], `${path}/resource`);
    const resource: ResourceFields = {
      attributes: toPairs(description["attributes"]),
      schemaUrl: toText(members["schemaUrl"]),
    };
    return listAt(members, shape.scopes, path).flatMap((scope, at) =>
      readScope(scope, `${path}/${shape.scopes}/${at}`, { shape, resource }),
    );
  });
}

function readScope<T>(
  value: unknown,
  path: string,
  within: { shape: Shape<T>; resource: ResourceFields },
): OtlpEntry<T>[] {
  const { shape, resource } = within;
  const members = membersOf(value, path);
  const description = members["scope"] === undefined ? {} : membersOf(members["scope"], `${path}/scope`);
  const scope: ScopeFields = {
    name: toText(description["name"]),
    version: toText(description["version"]),
    attributes: toPairs(description["attributes"]),
    schemaUrl: toText(members["schemaUrl"]),
  };
  return listAt(members, shape.entries, path).map((entry) => ({
    resource,
    scope,
    read: () => shape.read(entry),
    bytes: () => Buffer.from(JSON.stringify(entry)),
  }));
}

function readSpan(value: unknown): SpanFields {
  const members = membersOf(value, "");
  const status = members["status"] === undefined ? {} : membersOf(members["status"], "/status");
  return {
    traceId: toHexText(members["traceId"]),
    spanId: toHexText(members["spanId"]),
    parentSpanId: toHexText(members["parentSpanId"]),
    traceState: toText(members["traceState"]),
    name: toText(members["name"]),
    kind: toNumber(members["kind"]),
    startNs: toInt64(members["startTimeUnixNano"], "/startTimeUnixNano"),
    endNs: toInt64(members["endTimeUnixNano"], "/endTimeUnixNano"),
    attributes: toPairs(members["attributes"]),
    events: listAt(members, "events", "").map((event) => {
      const fields = membersOf(event, "/events");
      const timestampNs = toInt64(fields["timeUnixNano"], "/events/timeUnixNano");
      return { timestampNs, name: toText(fields["name"]), attributes: toPairs(fields["attributes"]) };
    }),
    links: listAt(members, "links", "").map((link) => {
      const fields = membersOf(link, "/links");
      return {
        traceId: toHexText(fields["traceId"]),
        spanId: toHexText(fields["spanId"]),
        traceState: toText(fields["traceState"]),
        attributes: toPairs(fields["attributes"]),
      };
    }),
    statusCode: toNumber(status["code"]),
    statusMessage: toText(status["message"]),
  };
}

function readLogRecord(value: unknown): LogFields {
  const members = membersOf(value, "");
  return {
    timeNs: toInt64(members["timeUnixNano"], "/timeUnixNano"),
    observedNs: toInt64(members["observedTimeUnixNano"], "/observedTimeUnixNano"),
    severityNumber: toNumber(members["severityNumber"]),
    severityText: toText(members["severityText"]),
    body: members["body"] === undefined ? "" : toAnyValueText(members["body"], { depth: 0, isInJson: false }),
    attributes: toPairs(members["attributes"]),
    flags: toNumber(members["flags"]),
    traceId: toHexText(members["traceId"]),
    spanId: toHexText(members["spanId"]),
    eventName: toText(members["eventName"]),
  };
}

/** OTLP's JSON form has ids in hexadecimal, other than protobuf's own JSON. */
function toHexText(value: unknown): string {
  const text = toText(value);
  if (!/^[0-9a-fA-F]*$/.test(text)) throw toIssue("an id must be hexadecimal");
  return text.toLowerCase();
}

function toPairs(value: unknown): string[] {
  const pairs: string[] = [];
  for (const item of listAt({ attributes: value }, "attributes", "")) {
    const members = membersOf(item, "/attributes");
    const key = toText(members["key"]);
    const { value: given } = members;
    const text = given === undefined ? "" : toAnyValueText(given, { depth: 0, isInJson: false });
    const isText = typeof given === "object" && given !== null && "stringValue" in given;
    pairs.push(key, toAttributeText(key, text, isText));
  }
  return pairs;
}

function toIssue(message: string): AppError {
  return new AppError("invalid_request", message, { issues: [{ path: "", message }] });
}
