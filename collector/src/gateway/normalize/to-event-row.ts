import { toCanonicalData, toCanonicalJson, toEventDigest, type JsonValue } from "@throughline/schemas/event-digest";
import { type Event, EVENT_LIMITS } from "@throughline/schemas/event";
import { toEventTime } from "@throughline/schemas/event-time";
import { listExtensionNames } from "@throughline/schemas/event-rules";
import type { Issue } from "@throughline/schemas/error";
import type { EventRow } from "@throughline/schemas/rows/events";
import { CLOCK_AHEAD_CODE } from "@throughline/schemas/rows/quarantine";

/** `code` says what kind of refusal it is where that has a name of its own. */
export type EventRowResult =
  | { ok: true; row: EventRow }
  | { ok: false; issues: Issue[]; code?: typeof CLOCK_AHEAD_CODE };

const NO_OBJECTS: EventRow["objects"] = [];
const NO_MEASURES: EventRow["measures"] = {};
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/**
 * The row of an event that the validator let pass. An event without a time has the time of its arrival. Refuses an event
 * that is larger than the limit, or that lies farther in the future than clocks may differ.
 */
export function toEventRow(event: Event, clock: { nowMs: number; maxAheadMs: number }): EventRowResult {
  const when = toEventTime(event);
  const timeMs = when?.timeMs;
  if (timeMs !== undefined && timeMs > clock.nowMs + clock.maxAheadMs)
    return { ok: false, issues: [{ path: "/time", message: describeAhead(clock) }], code: CLOCK_AHEAD_CODE };
  const canonical = toCanonicalData(event);
  if (canonical.text.length > EVENT_LIMITS.sizeBytes)
    return refuse("/data", `is larger than ${EVENT_LIMITS.sizeBytes} characters`);
  const data = typeof event.data === "object" ? (event.data ?? undefined) : undefined;
  const trace = toTrace(event.traceparent);
  const row: EventRow = {
    arrivedAtMs: clock.nowMs,
    source: event.source,
    id: event.id,
    revision: data?.revision ?? 0,
    digest: toEventDigest(event, canonical, timeMs),
    type: event.type,
    domain: event.type.slice(0, event.type.indexOf(".")),
    timeMs: timeMs ?? clock.nowMs,
    impreciseMs: when?.impreciseMs ?? 0,
    site: event.site ?? "",
    subject: event.subject ?? "",
    objects: data?.objects ?? NO_OBJECTS,
    outcome: data?.outcome ?? "",
    error: canonical.error,
    attempt: data?.attempt ?? 0,
    reason: data?.reason ?? "",
    reverses: canonical.reverses,
    measures: data?.measures ?? NO_MEASURES,
    attributes: canonical.attributes,
    traceId: trace.traceId,
    spanId: trace.spanId,
    sequence: event.sequence ? Number(event.sequence) : -1,
    payload: typeof event.data === "string" ? event.data : (event.data_base64 ?? ""),
    extensions: toExtensions(event),
  };
  return { ok: true, row };
}

function refuse(path: string, message: string): EventRowResult {
  return { ok: false, issues: [{ path, message }] };
}

function describeAhead(clock: { nowMs: number; maxAheadMs: number }): string {
  const latest = new Date(clock.nowMs + clock.maxAheadMs).toISOString();
  return `lies in the future: later than ${latest}, which is as far ahead as clocks may differ`;
}

/** Ids of a traceparent; all zeros mean none. */
function toTrace(traceparent: string | null | undefined) {
  if (!traceparent) return { traceId: "", spanId: "" };
  const traceId = traceparent.slice(3, 35);
  const spanId = traceparent.slice(36, 52);
  return traceId === NO_TRACE || spanId === NO_SPAN ? { traceId: "", spanId: "" } : { traceId, spanId };
}

/** What has no column of its own, as canonical JSON: extension attributes, and the attributes that describe the data. */
function toExtensions(event: Event): string {
  const kept: Record<string, JsonValue> = {};
  let isEmpty = true;
  const keep = (name: string, value: unknown) => {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return;
    kept[name] = value;
    isEmpty = false;
  };
  for (const name of listExtensionNames(event)) keep(name, event[name]);
  keep("dataschema", event.dataschema);
  keep("datacontenttype", event.datacontenttype);
  keep("tracestate", event.tracestate);
  if (event.data_base64) keep("data_base64", true);
  return isEmpty ? "" : toCanonicalJson(kept);
}
