import type { Leg } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatCoarse } from "../../format/time.ts";

type Timed = Pick<Leg, "verdict" | "startedAt" | "endedAt" | "dueAt" | "elapsedMs" | "budgetMs">;

/** How far past its deadline a leg ended, or stands now; undefined when it has no deadline or is not past it. */
export function lateMsOf(leg: Timed, nowMs: number): number | undefined {
  if (leg.dueAt === null) return undefined;
  const endMs = leg.endedAt === null ? nowMs : Date.parse(leg.endedAt);
  const lateMs = endMs - Date.parse(leg.dueAt);
  return lateMs > 0 && leg.verdict !== "EXCLUDED" ? lateMs : undefined;
}

/** What is said beside the verdict: the time that remains, or by how much it is late. */
export function noteOf(leg: Timed, nowMs: number): string {
  const lateMs = lateMsOf(leg, nowMs);
  if (lateMs !== undefined) return lateMs < 1000 ? `by ${formatDuration(lateMs)}` : `by ${formatCoarse(lateMs)}`;
  if (leg.endedAt !== null || leg.dueAt === null || leg.startedAt === null) return "";
  if (leg.verdict !== "OPEN" && leg.verdict !== "AT_RISK") return "";
  return `${formatCoarse(Date.parse(leg.dueAt) - nowMs)} left`;
}

/** What happened to a leg, what it means and what holds, in one or two sentences. */
export function explainLeg(leg: Timed & Pick<Leg, "reason">, nowMs: number): string {
  const late = formatDuration(lateMsOf(leg, nowMs) ?? 0);
  const ago = formatCoarse(lateMsOf(leg, nowMs) ?? 0);
  const took = leg.elapsedMs === null ? "" : formatDuration(leg.elapsedMs);
  const budget = leg.budgetMs === null ? "" : formatDuration(leg.budgetMs);
  switch (leg.verdict) {
    case "BREACHED":
      return leg.endedAt === null
        ? `Nothing has ended it and its deadline passed ${ago} ago. The feed is complete past the deadline, so nothing came in time.`
        : `It took ${took} of the ${budget} allowed and ended ${late} late.`;
    case "OVERDUE_PROVISIONAL":
      return `Its deadline passed ${ago} ago, but the feed of its end is not complete up to the deadline. An event in time may still arrive.`;
    case "AT_RISK":
      return `Not ended yet, and ${noteOf(leg, nowMs)} of the ${budget} allowed.`;
    case "OPEN":
      return `Not ended yet, with ${noteOf(leg, nowMs)} of the ${budget} allowed.`;
    case "MET":
      return `It took ${took} of the ${budget} allowed.`;
    case "PENDING_START":
      return "Its end has come before its start was reported. It is judged once the start arrives or is known to be missing.";
    case "ORPHAN_END":
      return "Its end came without a start, and the feed of the start is complete: there was none.";
    case "SEQUENCE":
      return "Its end lies before its start by more than clocks may differ, so no time can be measured.";
    case "EXCLUDED":
      return leg.reason === "" ? "It was cancelled or taken back, and counts in no figure." : `It counts in no figure: ${leg.reason}.`;
  }
}
