import { hash } from "node:crypto";
import type { Event, EventData, Measure, ObjectRef } from "./event.ts";

/** A value as JSON has it. Members that are undefined are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/** The canonical form of an event's content, whole and by the parts that are kept in columns of their own; `""` where absent. */
export interface CanonicalData {
  text: string;
  attributes: string;
  error: string;
  reverses: string;
}

const DIGEST_HEX_LENGTH = 32;
/** Text made of nothing that JSON escapes is its own canonical form. */
const IS_PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
const NO_DATA: CanonicalData = { text: "null", attributes: "", error: "", reverses: "" };

/** The canonical JSON of RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes them, no spaces. */
export function toCanonicalJson(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(toCanonicalJson).join(",")}]`;
  let text = "{";
  for (const name of sortNames(value)) {
    const member = value[name];
    if (member !== undefined) text += `${text.length > 1 ? "," : ""}${quote(name)}:${toCanonicalJson(member)}`;
  }
  return `${text}}`;
}

/**
 * The canonical form of an event's content. The members of `EventData` stand in their sorted order here, so that the
 * common ones need no sorting; `toCanonicalJson` gives the same text.
 */
export function toCanonicalData(event: Pick<Event, "data" | "data_base64">): CanonicalData {
  const { data } = event;
  if (typeof data === "string") return { ...NO_DATA, text: quote(data) };
  if (event.data_base64 !== undefined && event.data_base64 !== null)
    return { ...NO_DATA, text: `{"data_base64":${quote(event.data_base64)}}` };
  return data === undefined || data === null ? NO_DATA : toCanonicalMembers(data);
}

function toCanonicalMembers(data: EventData): CanonicalData {
  const attributes = data.attributes ? toCanonicalJson(data.attributes) : "";
  const error = data.error ? toCanonicalJson(data.error) : "";
  const reverses = data.reverses ? toCanonicalJson(data.reverses) : "";
  let text = "";
  if (data.attempt !== undefined) text += `,"attempt":${data.attempt}`;
  if (attributes) text += `,"attributes":${attributes}`;
  if (error) text += `,"error":${error}`;
  if (data.measures) text += `,"measures":${toCanonicalMeasures(data.measures)}`;
  if (data.objects) text += `,"objects":${toCanonicalObjects(data.objects)}`;
  if (data.outcome !== undefined) text += `,"outcome":"${data.outcome}"`;
  if (data.precision !== undefined) text += `,"precision":"${data.precision}"`;
  if (data.reason !== undefined) text += `,"reason":${quote(data.reason)}`;
  if (reverses) text += `,"reverses":${reverses}`;
  if (data.revision !== undefined) text += `,"revision":${data.revision}`;
  if (data.zone !== undefined) text += `,"zone":"${data.zone}"`;
  return { text: `{${text.slice(1)}}`, attributes, error, reverses };
}

/**
 * The digest of an event: the first 16 bytes, in hexadecimal, of SHA-256 over the canonical JSON of its `data`, `site`,
 * `time` (UTC, milliseconds) and `type`, each null where the event has none. Trace context is not part of it.
 */
export function toEventDigest(event: Event, data: CanonicalData, timeMs: number | undefined): string {
  const time = timeMs === undefined ? "null" : `"${toUtcTime(event.time ?? "", timeMs)}"`;
  const site = event.site === undefined || event.site === null ? "null" : quote(event.site);
  const document = `{"data":${data.text},"site":${site},"time":${time},"type":"${event.type}"}`;
  return hash("sha256", document, "hex").slice(0, DIGEST_HEX_LENGTH);
}

/** UTC with milliseconds; most events come with it. */
function toUtcTime(time: string, timeMs: number): string {
  const isUtc = time.length === 24 && time[10] === "T" && time[19] === "." && time[23] === "Z";
  return isUtc ? time : new Date(timeMs).toISOString();
}

/** The names of an object in their canonical order; most objects come with it. */
function sortNames(value: object): string[] {
  const names = Object.keys(value);
  for (let at = 1; at < names.length; at++) if ((names[at - 1] ?? "") > (names[at] ?? "")) return names.toSorted();
  return names;
}

function toCanonicalObjects(objects: readonly ObjectRef[]): string {
  let text = "";
  for (const { type, id, role } of objects) {
    text += `${text === "" ? "" : ","}{"id":${quote(id)}`;
    if (role !== undefined) text += `,"role":${quote(role)}`;
    text += `,"type":"${type}"}`;
  }
  return `[${text}]`;
}

function toCanonicalMeasures(measures: Readonly<Record<string, Measure>>): string {
  let text = "";
  for (const name of sortNames(measures)) {
    const measure = measures[name];
    if (!measure) continue;
    text += `${text === "" ? "" : ","}"${name}":`;
    if ("currency" in measure) text += `{"currency":"${measure.currency}","value":"${measure.value}"}`;
    else text += `{"unit":${quote(measure.unit)},"value":"${measure.value}"}`;
  }
  return `{${text}}`;
}

function quote(text: string): string {
  return IS_PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
