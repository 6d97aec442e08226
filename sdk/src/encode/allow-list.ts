/**
 * Attributes that say how and with whom, never about whom. The conditions of the default flows are among them.
 */
export const ALLOWED_ATTRIBUTES: readonly string[] = [
  "batch",
  "channel",
  "clock_error_ms",
  "clock_offset_ms",
  "company",
  "control_number",
  "criticality",
  "direction",
  "document",
  "document_type",
  "dropped",
  "environment",
  "events",
  "file",
  "format",
  "interface",
  "line_status",
  "message_id",
  "partner",
  "plant",
  "priority",
  "queue",
  "queued",
  "receipt_expected",
  "records",
  "status",
  "system",
  "topic",
  "transaction",
  "version",
  "watermark",
];

/** True when an attribute may leave the process. */
export type AllowList = (name: string) => boolean;

/** Names that reach the prototype of whoever copies them carelessly. */
const NEVER = new Set(["__proto__", "constructor", "prototype"]);
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** Allows the names of the list, and those that begin with an entry that ends in `*`. What is no name is never allowed. */
export function createAllowList(names: readonly string[]): AllowList {
  const exact = new Set(names.filter(isName));
  const prefixes = names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  if (prefixes.length === 0) return (name) => exact.has(name);
  return (name) => exact.has(name) || (prefixes.some((prefix) => name.startsWith(prefix)) && isName(name));
}

function isName(name: string): boolean {
  return !NEVER.has(name) && NAME.test(name);
}
