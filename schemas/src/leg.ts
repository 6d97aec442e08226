import { z } from "zod";
import { objectRef } from "./event.ts";
import { CRITICALITIES } from "./pack/flow.ts";
import { instant } from "./text.ts";

export const VERDICTS = [
  "MET",
  "BREACHED",
  "OPEN",
  "AT_RISK",
  "OVERDUE_PROVISIONAL",
  "PENDING_START",
  "ORPHAN_END",
  "SEQUENCE",
  "EXCLUDED",
  "UNKNOWN",
  "SUPERSEDED",
  "PAUSED",
] as const;

export const verdict = z.enum(VERDICTS).meta({ id: "Verdict", description: "What is known of a leg." });
export type Verdict = z.infer<typeof verdict>;

/** Verdicts that nothing but a later fact changes; one that takes their place is a correction. */
export const DECIDED_VERDICTS: ReadonlySet<string> = new Set<Verdict>([
  "MET",
  "BREACHED",
  "ORPHAN_END",
  "SEQUENCE",
  "EXCLUDED",
  "SUPERSEDED",
]);

/** Why a verdict deserves a second look; more than one may apply. */
export const LEG_FLAGS = [
  "reopened",
  "skewed",
  "reversed",
  "late-cancellation",
  "conflict",
  "corrected",
  "imprecise",
  "quantity-unknown",
  "unit-unknown",
] as const;

/** What moved a deadline: an approved window, or an end that stood until it was taken back. */
export const legMove = z
  .object({
    kind: z.enum(["reversal", "excuse", "pause"]),
    id: z.string().meta({ description: "The approved window; empty for an end that was taken back." }),
    version: z.int().min(0),
    from: instant,
    until: instant.nullable().meta({ description: "Null while it lasts." }),
  })
  .meta({ id: "LegMove", description: "A stretch of time that does not count against a leg." });

export type LegMove = z.infer<typeof legMove>;

/** A leg of one instance with its current verdict. Times are RFC 3339 in UTC, durations whole milliseconds. */
export const legVerdict = z
  .object({
    flow: z.string(),
    leg: z.string(),
    instance: objectRef.pick({ type: true, id: true }),
    occurrence: z.int().min(0),
    verdict,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    dueAt: instant.nullable(),
    atRiskAt: instant.nullable(),
    elapsedMs: z.int().nullable(),
    budgetMs: z.int().nullable(),
    calendar: z.string().meta({ description: "The calendar whose working time is counted; empty: all time is." }),
    site: z.string(),
    domain: z.string(),
    criticality: z.enum(CRITICALITIES),
    supplier: z.string().meta({ description: "Whose deliveries it is about; empty when no event names a supplier." }),
    flags: z.array(z.enum(LEG_FLAGS)),
    reason: z.string(),
    moves: z.array(legMove).meta({ description: "What crossed the leg and moved its deadline, in the order of time." }),
    ruleVersion: z.string(),
    evaluatedAt: instant,
  })
  .meta({ id: "Leg", description: "A leg of one instance with its current verdict." });

export type LegVerdict = z.infer<typeof legVerdict>;
