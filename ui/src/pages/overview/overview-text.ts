import type { Overview } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatNoun } from "../../format/number.ts";

/** From here on what has arrived and was not evaluated yet may hold another answer. */
const BEHIND_MS = 60_000;

/** Whether what is derived is so far behind what has arrived that their counts may mislead. */
export function isBehind(projection: Overview["reconciler"]): boolean {
  return projection !== null && projection.lagMs >= BEHIND_MS;
}

/** What the figure of evaluation adds where matches and reconciliations are behind; nothing where they are not, or not kept. */
export function sayReconciler(reconciler: Overview["reconciler"]): string {
  return reconciler === null || reconciler.lagMs === 0 ? "" : `; matches ${formatDuration(reconciler.lagMs)} behind`;
}

/** The one sentence that says whether a person is needed now, and what it does not know. */
export function sayStanding(overview: Pick<Overview, "counts" | "standing" | "projection">): string {
  const { projection } = overview;
  const unknown = overview.standing.unknown.value;
  return [
    sayKnown(overview),
    ...(unknown === 0 ? [] : [`${formatNoun(unknown, "leg")} cannot be judged`]),
    ...(isBehind(projection) ? [`verdicts are ${formatDuration(projection.lagMs)} behind`] : []),
  ].join("; ");
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
