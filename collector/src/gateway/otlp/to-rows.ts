import type { Principal } from "@throughline/schemas/access";
import type { Issue } from "@throughline/schemas/error";
import type { LogRow } from "@throughline/schemas/rows/otel-logs";
import type { AttributePairs, SpanRow } from "@throughline/schemas/rows/otel-traces";
import { type LogFields, OBJECT_PREFIX, type OtlpEntry, type SpanFields } from "./fields.ts";

export type RowResult<T> = { ok: true; row: T } | { ok: false; issues: Issue[] };

/** What telemetry must keep to, beyond its form. Times in milliseconds since 1970. */
export interface TelemetryRules {
  sender: Principal;
  earliestMs: number;
  latestMs: number;
}

const KINDS = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
const STATUS_CODES = ["Unset", "Ok", "Error"];
const MAX_OBJECTS = 1000;
const MAX_ATTRIBUTES = 1024;
const NS_PER_MS = 1_000_000n;
const ZEROS = /^0*$/;

/** The row of a span in the layout of the OpenTelemetry exporter, or why it is not taken. */
export function toSpanRow(entry: OtlpEntry<SpanFields>, span: SpanFields, rules: TelemetryRules): RowResult<SpanRow> {
  const issues = [
    ...findIdIssues("/traceId", span.traceId, 16),
    ...findIdIssues("/spanId", span.spanId, 8),
    ...(ZEROS.test(span.parentSpanId) ? [] : findIdIssues("/parentSpanId", span.parentSpanId, 8)),
    ...findTimeIssues("/startTimeUnixNano", span.startNs, rules),
    ...findAttributeIssues(span.attributes),
    ...findSiteIssues(entry, span.attributes, rules.sender),
  ];
  if (issues.length > 0) return { ok: false, issues };
  const { resource, scope } = entry;
  const row: SpanRow = {
    timestampNs: span.startNs,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: ZEROS.test(span.parentSpanId) ? "" : span.parentSpanId,
    traceState: span.traceState,
    name: span.name,
    kind: KINDS[span.kind] ?? "Unspecified",
    serviceName: findAttribute(resource.attributes, "service.name"),
    resourceAttributes: resource.attributes,
    scopeName: scope.name,
    scopeVersion: scope.version,
    attributes: span.attributes,
    durationNs: span.endNs > span.startNs ? span.endNs - span.startNs : 0n,
    statusCode: STATUS_CODES[span.statusCode] ?? "Unset",
    statusMessage: span.statusMessage,
    events: span.events,
    links: span.links,
  };
  return { ok: true, row };
}

/** The row of a log record; one without a time of its own has the time at which it was observed. */
export function toLogRow(entry: OtlpEntry<LogFields>, record: LogFields, rules: TelemetryRules): RowResult<LogRow> {
  const timestampNs = record.timeNs === 0n ? record.observedNs : record.timeNs;
  const issues = [
    ...(ZEROS.test(record.traceId) ? [] : findIdIssues("/traceId", record.traceId, 16)),
    ...(ZEROS.test(record.spanId) ? [] : findIdIssues("/spanId", record.spanId, 8)),
    ...findTimeIssues("/timeUnixNano", timestampNs, rules),
    ...findAttributeIssues(record.attributes),
    ...findSiteIssues(entry, record.attributes, rules.sender),
  ];
  if (record.severityNumber < 0 || record.severityNumber > 24)
    issues.push({ path: "/severityNumber", message: "must be 0 to 24" });
  if (issues.length > 0) return { ok: false, issues };
  const { resource, scope } = entry;
  const row: LogRow = {
    timestampNs,
    traceId: ZEROS.test(record.traceId) ? "" : record.traceId,
    spanId: ZEROS.test(record.spanId) ? "" : record.spanId,
    traceFlags: record.flags % 256,
    severityText: record.severityText,
    severityNumber: record.severityNumber,
    serviceName: findAttribute(resource.attributes, "service.name"),
    body: record.body,
    resourceSchemaUrl: resource.schemaUrl,
    resourceAttributes: resource.attributes,
    scopeSchemaUrl: scope.schemaUrl,
    scopeName: scope.name,
    scopeVersion: scope.version,
    scopeAttributes: scope.attributes,
    attributes: record.attributes,
    eventName: record.eventName,
  };
  return { ok: true, row };
}

function findIdIssues(path: string, hex: string, sizeBytes: number): Issue[] {
  if (hex.length !== sizeBytes * 2) return [{ path, message: `must be ${sizeBytes} bytes, not ${hex.length / 2}` }];
  return ZEROS.test(hex) ? [{ path, message: "must not be all zeros" }] : [];
}

function findTimeIssues(path: string, timeNs: bigint, { earliestMs, latestMs }: TelemetryRules): Issue[] {
  if (timeNs >= BigInt(earliestMs) * NS_PER_MS && timeNs <= BigInt(latestMs) * NS_PER_MS) return [];
  const from = new Date(earliestMs).toISOString();
  return [{ path, message: `must lie between ${from} and ${new Date(latestMs).toISOString()}` }];
}

function findAttributeIssues(pairs: AttributePairs): Issue[] {
  if (pairs.length / 2 > MAX_ATTRIBUTES)
    return [{ path: "/attributes", message: `has more than ${MAX_ATTRIBUTES} entries` }];
  let objects = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    if (!pairs[at]?.startsWith(OBJECT_PREFIX)) continue;
    const value = pairs[at + 1] ?? "";
    objects += value.startsWith("[") ? countItems(value) : 1;
  }
  return objects > MAX_OBJECTS ? [{ path: "/attributes", message: `name more than ${MAX_OBJECTS} objects` }] : [];
}

function countItems(json: string): number {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.length : 1;
}

/** A key for some sites may send telemetry that names one of them or none. */
function findSiteIssues(entry: OtlpEntry<unknown>, attributes: AttributePairs, sender: Principal): Issue[] {
  const { sites } = sender.scope;
  if (sites === "*") return [];
  const own = findAttribute(attributes, "throughline.site");
  const site = own === "" ? findAttribute(entry.resource.attributes, "throughline.site") : own;
  if (site === "" || sites.includes(site)) return [];
  return [
    {
      path: "/attributes/throughline.site",
      message: `must be one that this key may send for: ${sites.slice(0, 20).join(", ")}`,
    },
  ];
}

function findAttribute(pairs: AttributePairs, key: string): string {
  for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === key) return pairs[at + 1] ?? "";
  return "";
}
