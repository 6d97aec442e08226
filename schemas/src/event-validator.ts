import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";
import type { Issue } from "./error.ts";
import { type Event, event } from "./event.ts";
import { findEventIssues } from "./event-rules.ts";
import { flattenJsonSchema } from "./flatten-json-schema.ts";

export type EventResult = { ok: true; event: Event } | { ok: false; issues: Issue[] };

/** The schema of an event on the wire, as JSON Schema 2020-12. */
export const eventJsonSchema = z.toJSONSchema(event, { io: "input", target: "draft-2020-12" });

/** Takes no value that zod refuses; it may refuse one that zod takes, since it counts the length of text in UTF-16 code units. */
const isSurelyValid = new Ajv2020({
  strict: false,
  strictNumbers: true,
  unicode: false,
  messages: false,
  logger: false,
}).compile<Event>(flattenJsonSchema(eventJsonSchema));

/**
 * Reads an unknown value as an event. A validator compiled from the zod schema lets nearly all good ones pass; the others
 * are read by zod, which decides, and names every path and reason.
 */
export function parseEvent(value: unknown): EventResult {
  if (!isSurelyValid(value)) return parseEventSlowly(value);
  const issues = findEventIssues(value);
  return issues.length === 0 ? { ok: true, event: value } : { ok: false, issues };
}

/** The same verdict from zod alone, slowly; the compiled validator is tested against it. */
export function parseEventSlowly(value: unknown): EventResult {
  const parsed = event.safeParse(value);
  if (!parsed.success) return { ok: false, issues: toIssues(parsed.error) };
  const issues = [...findHiddenNames(value, ""), ...findEventIssues(parsed.data)];
  return issues.length === 0 ? { ok: true, event: parsed.data } : { ok: false, issues };
}

/** Members named `__proto__`, which zod leaves out without a word. */
function findHiddenNames(value: unknown, path: string): Issue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "__proto__"
      ? [{ path: `${path}/__proto__`, message: "is not a name" }]
      : findHiddenNames(member, `${path}/${name}`),
  );
}

/** zod's issues as JSON pointers with their reasons; of a union, those of the alternative that came closest. */
export function toIssues(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => flattenIssue(issue, []));
}

function flattenIssue(issue: z.core.$ZodIssue, prefix: PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== "invalid_union") return [{ path: toPointer(path), message: issue.message }];
  const closest = issue.errors.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))[0];
  const nested = (issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0] ?? closest ?? []).flatMap((inner) =>
    flattenIssue(inner, path),
  );
  return nested.length > 0 ? nested : [{ path: toPointer(path), message: issue.message }];
}

function depthOf(issues: z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function toPointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
