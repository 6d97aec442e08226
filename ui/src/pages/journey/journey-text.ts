import type { JourneyLeg } from "@throughline/api/contract";
import type { Verdict } from "@throughline/schemas/leg";
import { VERDICT_ORDER } from "../../parts/verdict.ts";

const ACTIONABLE = new Set<Verdict>(["BREACHED", "OVERDUE_PROVISIONAL", "AT_RISK"]);

/** The leg that a person should look at first: the worst verdict, then the earliest deadline; undefined without legs. */
export function findFirstLeg(legs: readonly JourneyLeg[]): JourneyLeg | undefined {
  return legs.toSorted(compareUrgency)[0];
}

/** The leg that something can still be done about, if there is one. */
export function findActionableLeg(legs: readonly JourneyLeg[]): JourneyLeg | undefined {
  return findFirstLeg(legs.filter((leg) => leg.endedAt === null && ACTIONABLE.has(leg.verdict)));
}

function compareUrgency(a: JourneyLeg, b: JourneyLeg): number {
  const isOver = (leg: JourneyLeg): number => (leg.endedAt === null ? 0 : 1);
  const rank = (leg: JourneyLeg): number => VERDICT_ORDER.indexOf(leg.verdict);
  const due = (leg: JourneyLeg): string => leg.dueAt ?? "9999";
  return rank(a) - rank(b) || isOver(a) - isOver(b) || due(a).localeCompare(due(b));
}
