import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Criticality, EventInput } from "../event.ts";
import type { EncodedEvent } from "../exporters/exporter.ts";
import type { DropReason } from "../problem.ts";
import { readErrorName } from "../steps/error-name.ts";
import type { AllowList } from "./allow-list.ts";
import { isInvalidEvent, refuse, toContent } from "./content.ts";
import { createTimeFormat, toEventTime } from "./event-time.ts";
import type { Tally } from "./text.ts";
import { createUuidSource } from "./uuid.ts";

/** Characters of an event that the gateway takes at most. */
const MAX_EVENT_LENGTH = 262_144;
const MAX_ID = 512;
const MAX_KNOWN = 1000;
const TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$/;

export type Encoded = { ok: true; event: EncodedEvent } | { ok: false; reason: DropReason; message: string };

export type EncodeEvent = (input: EventInput<string>) => Encoded;

export interface EncodeOptions {
  source: string;
  site: string | undefined;
  isAllowed: AllowList;
  tally: Tally;
  now: () => number;
  /** Numbers the events that are kept, from 1 on. */
  isNumbered: boolean;
  /** Changes an event before anything of it is kept; undefined holds it back. */
  redact: ((event: EventInput<string>) => EventInput<string> | undefined) | undefined;
}

/** Makes the function that turns what the host gave into JSON at once, so that later changes to its objects change nothing. */
export function createEncoder(options: EncodeOptions): EncodeEvent {
  const { redact, now } = options;
  const numbers = { next: 1 };
  const compose = createComposer(options, numbers);
  return (input) => {
    const givenAt = now();
    try {
      const redacted = redact === undefined ? input : redact(input);
      if (redact !== undefined && redacted === undefined)
        return { ok: false, reason: "redacted", message: "The redaction hook held it back." };
      const event = compose(redacted ?? input, givenAt);
      if (event.json.length <= MAX_EVENT_LENGTH) {
        // What cannot be an event leaves no gap; what is lost later does.
        if (options.isNumbered && (redacted ?? input).sequence === undefined) numbers.next++;
        return { ok: true, event };
      }
      return { ok: false, reason: "too_large", message: `It has more than ${MAX_EVENT_LENGTH} characters.` };
    } catch (error) {
      if (isInvalidEvent(error)) return { ok: false, reason: "invalid", message: error.message };
      const reason = redact === undefined ? "invalid" : "redacted";
      return { ok: false, reason, message: `Reading it failed: ${readErrorName(error)}` };
    }
  };
}

function createComposer(
  options: EncodeOptions,
  numbers: { readonly next: number },
): (input: EventInput<string>, givenAt: number) => EncodedEvent {
  const makeId = createUuidSource();
  const format = createTimeFormat();
  const isType = createTypeCheck();
  const head = `{"specversion":"1.0","source":${JSON.stringify(options.source)},"id":`;
  const usualSite = toMember("site", options.site);
  return (input, givenAt) => {
    const { type, site } = input;
    if (!isType(type)) refuse("its type must be <domain>.<object>.<verb> in lower case");
    const id = input.id === undefined ? makeId(givenAt) : readId(input.id);
    const time = input.time === undefined ? format(givenAt) : toEventTime(input.time, format);
    if (time === undefined) refuse("its time is no time between 1970 and 2199");
    const content = toContent(input, options);
    const sequence = input.sequence ?? (options.isNumbered ? String(numbers.next) : undefined);
    const members = `${site === undefined ? usualSite : toMember("site", site)}${toMember("subject", input.subject)}${toMember("sequence", sequence)}${toTraceMembers()}`;
    const idText = input.id === undefined ? `"${id}"` : JSON.stringify(id);
    const timeText = typeof input.time === "string" ? JSON.stringify(time) : `"${time}"`;
    const json = `${head}${idText},"type":"${type}","time":${timeText}${members},"data":${JSON.stringify(content)}}`;
    return { id, type, criticality: readCriticality(input), json, sizeBytes: Buffer.byteLength(json), givenAt };
  };
}

/** Remembers the types that it has seen, since there are few. */
function createTypeCheck(): (type: unknown) => boolean {
  const known = new Set<string>();
  return (type) => {
    if (typeof type !== "string") return false;
    if (known.has(type)) return true;
    if (type.length > 128 || !TYPE.test(type)) return false;
    if (known.size < MAX_KNOWN) known.add(type);
    return true;
  };
}

function readId(id: unknown): string {
  if (typeof id === "string" && id.length > 0 && id.length <= MAX_ID) return id;
  return refuse(`its id must be text of 1 to ${MAX_ID} characters`);
}

function toMember(name: string, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value !== "string") refuse(`its ${name} must be text`);
  return `,"${name}":${JSON.stringify(value)}`;
}

/** The span that is active becomes the event's parent. */
function toTraceMembers(): string {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return "";
  const flags = (span.traceFlags & 0xff).toString(16).padStart(2, "0");
  const state = span.traceState?.serialize() ?? "";
  return `,"traceparent":"00-${span.traceId}-${span.spanId}-${flags}"${state === "" ? "" : toMember("tracestate", state)}`;
}

function readCriticality({ criticality, attributes }: EventInput<string>): Criticality {
  const given = criticality ?? attributes?.["criticality"];
  return given === "critical" || given === "high" ? given : "standard";
}
