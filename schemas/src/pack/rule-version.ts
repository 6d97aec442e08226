import { createHash } from "node:crypto";
import { canonicalize } from "./canonical.ts";

/** Twelve hexadecimal digits of the SHA-256 over what was written with sorted keys: comments and layout do not count. */
export function toRuleVersion(entry: unknown): string {
  return createHash("sha256").update(canonicalize(entry)).digest("hex").slice(0, 12);
}
