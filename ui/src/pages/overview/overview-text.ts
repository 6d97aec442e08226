import type { Overview } from "@throughline/api/contract";
import { formatNoun } from "../../format/number.ts";

/** The one sentence that says whether a person is needed now. */
export function sayStanding(overview: Pick<Overview, "counts" | "standing">): string {
  const unknown = overview.standing.unknown.value;
  const known = sayKnown(overview);
  return unknown === 0 ? known : `${known}; ${formatNoun(unknown, "leg")} cannot be judged`;
}

function sayKnown(overview: Pick<Overview, "counts" | "standing">): string {
  const late = overview.counts.breached.value + overview.standing.overdue.value;
  const atRisk = overview.standing.atRisk.value;
  const soon = atRisk === 1 ? "1 more is at risk" : `${formatNoun(atRisk, "more", "more")} are at risk`;
  if (late === 0 && atRisk === 0) return "No leg is late and none is at risk";
  if (late === 0)
    return atRisk === 1
      ? "No leg is late, 1 is at risk"
      : `No leg is late, ${formatNoun(atRisk, "are", "are")} at risk`;
  const isLate = late === 1 ? "1 leg is late" : `${formatNoun(late, "leg")} are late`;
  return atRisk === 0 ? `${isLate}, none more is at risk` : `${isLate}, ${soon}`;
}
