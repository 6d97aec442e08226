import { AppError } from "@throughline/schemas/error";
import { toDoubleText } from "./fields.ts";

const MAX_DEPTH = 32;
const MAX_UINT64 = 18_446_744_073_709_551_615n;

type Members = Readonly<Record<string, unknown>>;

/** The members of an object. Throws `invalid_request` when the value is none. */
export function membersOf(value: unknown, path: string): Members {
  if (isMembers(value)) return value;
  throw toIssue(path, "must be an object");
}

/** A list among the members; empty when it is absent or null. */
export function listAt(members: Members, name: string, path: string): readonly unknown[] {
  const value = members[name] ?? [];
  if (Array.isArray(value)) return value;
  throw toIssue(`${path}/${name}`, "must be an array");
}

/** Well-formed text; `""` when it is absent. Throws `invalid_request` for anything else. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.toWellFormed();
  throw toIssue("", "must be text");
}

/** A number, also written as text; 0 when it is absent. Names of enum values are not taken: OTLP has them as numbers. */
export function toNumber(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw toIssue("", "must be a whole number");
}

/** A whole number of 64 bits, as text or as a number. */
export function toInt64(value: unknown, path: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === "number" && Number.isInteger(value)) return toRange(BigInt(value), path);
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return toRange(BigInt(value), path);
  throw toIssue(path, "must be a whole number of 64 bits, as text");
}

function toRange(value: bigint, path: string): bigint {
  if (value >= -(1n << 63n) && value <= MAX_UINT64) return value;
  throw toIssue(path, "must be a whole number of 64 bits");
}

/** The text of an `AnyValue`, the same as of its protobuf form. */
export function toAnyValueText(value: unknown, within: { depth: number; isInJson: boolean }): string {
  const { isInJson } = within;
  if (within.depth > MAX_DEPTH) throw toIssue("", `values are nested more than ${MAX_DEPTH} deep`);
  const inside = { depth: within.depth + 1, isInJson: true };
  const quote = (text: string) => (isInJson ? JSON.stringify(text) : text);
  const members = membersOf(value, "");
  if (members["stringValue"] !== undefined) return quote(toText(members["stringValue"]));
  if (members["boolValue"] !== undefined) return toBoolean(members["boolValue"]);
  if (members["intValue"] !== undefined) return toInt64(members["intValue"], "/intValue").toString();
  if (members["doubleValue"] !== undefined) return toDoubleText(toDouble(members["doubleValue"]), isInJson);
  if (members["bytesValue"] !== undefined) return quote(toBase64(members["bytesValue"]));
  if (members["arrayValue"] !== undefined) {
    const items = listAt(membersOf(members["arrayValue"], "/arrayValue"), "values", "/arrayValue");
    return `[${items.map((item) => toAnyValueText(item, inside)).join(",")}]`;
  }
  if (members["kvlistValue"] !== undefined) {
    const items = listAt(membersOf(members["kvlistValue"], "/kvlistValue"), "values", "/kvlistValue");
    return `{${items.map((item) => toMember(item, inside)).join(",")}}`;
  }
  return isInJson ? "null" : "";
}

function toMember(value: unknown, within: { depth: number; isInJson: boolean }): string {
  const members = membersOf(value, "");
  const text = members["value"] === undefined ? "null" : toAnyValueText(members["value"], within);
  return `${JSON.stringify(toText(members["key"]))}:${text}`;
}

function toBoolean(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  throw toIssue("/boolValue", "must be true or false");
}

function toDouble(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw toIssue("/doubleValue", "must be a number");
}

function toBase64(value: unknown): string {
  const text = toText(value);
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return text;
  throw toIssue("/bytesValue", "must be base64");
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toIssue(path: string, message: string): AppError {
  return new AppError("invalid_request", `The body is not an OTLP request: ${path} ${message}.`, {
    issues: [{ path, message }],
  });
}
