import { isJsonMediaType } from "@throughline/schemas/event-rules";
import { AppError, type Issue } from "@throughline/schemas/error";
import { splitJsonArray } from "../normalize/split-json.ts";
import type { IntakeRequest } from "./intake.ts";
import { findCharset, toMediaType } from "./media-type.ts";

/** Events as they were sent, not yet checked. */
export interface EventInput {
  count: number;
  /** The JSON pointer of an entry within the body: `""` for a single event, `/3` for the fourth of several. */
  pathOf(index: number): string;
  read(index: number): { ok: true; value: unknown } | { ok: false; issues: Issue[] };
  /** The entry exactly as it was sent. */
  bytesOf(index: number): Buffer;
}

export type EventInputResult = { ok: true; input: EventInput } | { ok: false; issues: Issue[] };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a body by its content type: one event or several as JSON, one a line, or the data of an event whose attributes
 * are headers. Throws `unsupported_media_type` for any other.
 */
export function readEventInput(request: IntakeRequest): EventInputResult {
  const mediaType = toMediaType(request.contentType);
  const isBinary = request.headers["ce-specversion"] !== undefined && !mediaType.startsWith("application/cloudevents");
  if (isBinary) return readBinaryEvent(request);
  if (!STRUCTURED.has(mediaType))
    throw new AppError(
      "unsupported_media_type",
      "The content type must be application/cloudevents+json, application/cloudevents-batch+json, application/json or application/x-ndjson, or ce- headers must carry the attributes.",
    );
  const charset = findCharset(request.contentType);
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii")
    throw new AppError("unsupported_media_type", `The character set ${charset.slice(0, 40)} is not taken: send UTF-8.`);
  const text = decodeText(request.body);
  if (text === undefined) return refuse("is not valid UTF-8");
  if (mediaType === "application/x-ndjson" || mediaType === "application/jsonl")
    return { ok: true, input: readLines(text) };
  return readJson(text, mediaType);
}

const STRUCTURED = new Set([
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
  "application/json",
  "application/x-ndjson",
  "application/jsonl",
]);

function readJson(text: string, mediaType: string): EventInputResult {
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse(parsed.message);
  const { value } = parsed;
  const isBatch = Array.isArray(value);
  if (isBatch && mediaType === "application/cloudevents+json")
    return refuse("must be one event; send several as application/cloudevents-batch+json");
  if (!isBatch && mediaType === "application/cloudevents-batch+json") return refuse("must be an array of events");
  return { ok: true, input: isBatch ? toBatchInput(text, value) : toSingleInput(text, value) };
}

function toSingleInput(text: string, value: unknown): EventInput {
  return { count: 1, pathOf: () => "", read: () => ({ ok: true, value }), bytesOf: () => Buffer.from(text) };
}

function toBatchInput(text: string, values: readonly unknown[]): EventInput {
  let elements: string[] | undefined;
  return {
    count: values.length,
    pathOf: (index) => `/${index}`,
    read: (index) => ({ ok: true, value: values[index] }),
    bytesOf: (index) => {
      elements ??= splitJsonArray(text);
      return Buffer.from(elements[index] ?? "");
    },
  };
}

function readLines(text: string): EventInput {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return {
    count: lines.length,
    pathOf: (index) => `/${index}`,
    read: (index) => {
      const parsed = parseJson(lines[index] ?? "");
      return parsed.ok ? parsed : { ok: false, issues: [{ path: "", message: parsed.message }] };
    },
    bytesOf: (index) => Buffer.from(lines[index] ?? ""),
  };
}

const FROM_BODY = new Set(["data", "data_base64", "datacontenttype"]);

/** Attributes from `ce-` headers, percent-decoded; the body is the data. */
function readBinaryEvent(request: IntakeRequest): EventInputResult {
  const value: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const [header, given] of Object.entries(request.headers)) {
    if (!header.startsWith("ce-") || given === undefined) continue;
    const name = header.slice(3);
    const decoded = decodeHeader(Array.isArray(given) ? given.join(", ") : given);
    if (FROM_BODY.has(name)) issues.push({ path: `/${name}`, message: "is not sent as a header in binary mode" });
    else if (decoded === undefined) issues.push({ path: `/${name}`, message: "is not percent-encoded UTF-8" });
    else value[name] = decoded;
  }
  if (request.contentType !== "") value["datacontenttype"] = request.contentType;
  issues.push(...addData(value, request));
  if (issues.length > 0) return { ok: false, issues };
  return {
    ok: true,
    input: { count: 1, pathOf: () => "", read: () => ({ ok: true, value }), bytesOf: () => request.body },
  };
}

function addData(value: Record<string, unknown>, request: IntakeRequest): Issue[] {
  const { body, contentType } = request;
  if (body.length === 0) return [];
  const text = decodeText(body);
  if (!isJsonMediaType(contentType === "" ? undefined : contentType)) {
    if (text === undefined) value["data_base64"] = body.toString("base64");
    else value["data"] = text;
    return [];
  }
  const parsed = text === undefined ? { ok: false as const, message: "is not valid UTF-8" } : parseJson(text);
  if (!parsed.ok) return [{ path: "/data", message: parsed.message }];
  value["data"] = parsed.value;
  return [];
}

function decodeHeader(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/^"(.*)"$/s, "$1"));
  } catch {
    return undefined;
  }
}

function decodeText(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      message: `is not JSON: ${error instanceof Error ? error.message.slice(0, 200).toWellFormed() : ""}`,
    };
  }
}

function refuse(message: string): EventInputResult {
  return { ok: false, issues: [{ path: "", message }] };
}
