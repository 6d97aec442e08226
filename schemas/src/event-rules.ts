import { isZone } from "./calendar/calendar.ts";
import type { Event, EventData } from "./event.ts";
import { EVENT_LIMITS } from "./event.ts";
import type { Issue } from "./error.ts";

const CONTEXT_ATTRIBUTES = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "time",
  "subject",
  "dataschema",
  "datacontenttype",
  "traceparent",
  "tracestate",
  "sequence",
  "site",
  "data",
  "data_base64",
]);
const EXTENSION_NAME = /^[a-z0-9]{1,64}$/;
const MAX_EXTENSIONS = 32;
const MAX_EXTENSION_LENGTH = 2048;
const JSON_MEDIA_TYPE = /^[^/]+\/(json|[^;\s]+\+json)\s*(;|$)/i;

/** True for `application/json`, any `+json` type, and for none given, which CloudEvents reads as JSON. */
export function isJsonMediaType(mediaType: string | null | undefined): boolean {
  return mediaType === undefined || mediaType === null || JSON_MEDIA_TYPE.test(mediaType);
}

/** The names of an event's extension attributes, in the order sent. */
export function listExtensionNames(event: Event): string[] {
  const names: string[] = [];
  for (const name in event) if (!CONTEXT_ATTRIBUTES.has(name)) names.push(name);
  return names;
}

/** The rules of an event that no schema of single fields can say. An empty list means that it keeps all of them. */
export function findEventIssues(event: Event): Issue[] {
  const issues: Issue[] = [...findExtensionIssues(event), ...findDataIssues(event)];
  if (event.time && !isOnCalendar(event.time))
    issues.push({ path: "/time", message: "names a day that does not exist" });
  return issues;
}

function findDataIssues(event: Event): Issue[] {
  const { data } = event;
  if (typeof data === "string" && isJsonMediaType(event.datacontenttype))
    return [{ path: "/data", message: "must be an object when the content is JSON" }];
  if (data !== undefined && data !== null && event.data_base64)
    return [{ path: "/data_base64", message: "cannot stand beside data" }];
  if (typeof data !== "object" || data === null) return [];
  const issues: Issue[] = [];
  if ((data.revision ?? 0) > 0 && data.reason === undefined)
    issues.push({ path: "/data/reason", message: "is required with a revision above 0" });
  if (countKeys(data.measures) > EVENT_LIMITS.measures)
    issues.push({ path: "/data/measures", message: `has more than ${EVENT_LIMITS.measures} entries` });
  if (countKeys(data.attributes) > EVENT_LIMITS.attributes)
    issues.push({ path: "/data/attributes", message: `has more than ${EVENT_LIMITS.attributes} entries` });
  issues.push(...findAttributeIssues(data.attributes), ...findPrecisionIssues(event, data));
  return issues;
}

function findPrecisionIssues({ time }: Event, { precision, zone }: EventData): Issue[] {
  if (precision !== undefined && !time)
    return [{ path: "/data/precision", message: "needs a time, of which it speaks" }];
  if (zone === undefined) return [];
  if (precision === undefined)
    return [{ path: "/data/zone", message: "needs a precision, since a moment has no zone" }];
  return isZone(zone) ? [] : [{ path: "/data/zone", message: "is not a time zone of the IANA database" }];
}

/** Whole numbers beyond 2^53 were rounded when they were read: what was sent is no longer known. */
function findAttributeIssues(attributes: EventData["attributes"]): Issue[] {
  const issues: Issue[] = [];
  const toPath = (name: string) => `/data/attributes/${name}`;
  for (const name in attributes) {
    const value = attributes[name];
    if (name === "__proto__") issues.push({ path: toPath(name), message: "is not a name" });
    else if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)
      issues.push({ path: toPath(name), message: "is too large to be exact as a number: send it as text" });
  }
  return issues;
}

function findExtensionIssues(event: Event): Issue[] {
  const names = listExtensionNames(event);
  const issues = names.flatMap((name) => {
    const path = `/${name}`;
    if (!EXTENSION_NAME.test(name))
      return [{ path, message: "is not an attribute name: lower-case letters and digits only" }];
    return isExtensionValue(event[name]) ? [] : [{ path, message: "must be text, a boolean or a 32-bit whole number" }];
  });
  if (names.length > MAX_EXTENSIONS)
    issues.push({ path: "", message: `has more than ${MAX_EXTENSIONS} extension attributes` });
  return issues;
}

function isExtensionValue(value: unknown): boolean {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return value.length <= MAX_EXTENSION_LENGTH && value.isWellFormed();
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 2_147_483_648;
}

function countKeys(record: object | undefined): number {
  return record === undefined ? 0 : Object.keys(record).length;
}

function isOnCalendar(time: string): boolean {
  const day = Number(time.slice(8, 10));
  if (day <= 28) return true;
  const lastDay = new Date(Date.UTC(Number(time.slice(0, 4)), Number(time.slice(5, 7)), 0)).getUTCDate();
  return day <= lastDay;
}
