import { createHash } from "node:crypto";
import type { MatchCause } from "@throughline/schemas/match";
import { isStopping } from "@throughline/schemas/pack/match-routing";
import { canonicalize } from "@throughline/schemas/pack/canonical";

/** True for a result that keeps something from being paid by causes of its own; an order line bills nothing. */
export function needsWork({ kind, causes }: { kind: string; causes: readonly MatchCause[] }): boolean {
  return kind !== "order" && causes.some(({ code }) => isStopping(code));
}

/**
 * Tells differences apart: sixteen hexadecimal digits over the codes with what they differ by. Limits are not in it, since
 * another limit is no other difference.
 */
export function toFingerprint(causes: readonly MatchCause[]): string {
  const differences = causes
    .filter(({ code }) => isStopping(code))
    .map(({ code, difference, quantity, other }) => ({ code, difference, quantity, other }));
  const content: unknown = JSON.parse(JSON.stringify(differences));
  return createHash("sha256").update(canonicalize(content)).digest("hex").slice(0, 16);
}
