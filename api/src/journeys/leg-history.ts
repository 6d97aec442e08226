import { DECIDED_VERDICTS } from "@throughline/schemas/leg";
import type { JourneyLeg } from "../contract/journey.ts";
import { toJourneyHref } from "../http/href.ts";
import { type LegRow, toLegKeyText, type LegClock, toLegVerdict } from "../queries/leg-row.ts";

/** A leg of a journey before its chances are looked up. */
type UnforetoldLeg = Omit<JourneyLeg, "forecast">;

/** Each leg with its current verdict and all that were given before, by start. Legs that are no more are left out. */
export function toJourneyLegs(rows: readonly LegRow[], clock: LegClock): UnforetoldLeg[] {
  const legs = Map.groupBy(rows, toLegKeyText);
  return [...legs.values()]
    .flatMap((verdicts) => {
      const current = verdicts.at(-1);
      return current && current.is_removed === 0 ? [toJourneyLeg(current, { verdicts, clock })] : [];
    })
    .toSorted(compareLegs);
}

function toJourneyLeg(
  current: LegRow,
  { verdicts, clock }: { verdicts: readonly LegRow[]; clock: LegClock },
): UnforetoldLeg {
  const isCorrected = verdicts.some(
    (row) => row.is_removed === 0 && DECIDED_VERDICTS.has(row.verdict) && row.verdict !== current.verdict,
  );
  const leg = toLegVerdict({ ...current, is_corrected: isCorrected ? 1 : 0 }, clock);
  const history = verdicts
    .filter((row) => row.is_removed === 0)
    .map((row) => ({
      verdict: row.verdict,
      evaluatedAt: row.evaluated_at,
      dueAt: row.due_at,
      endedAt: row.ended_at,
      reason: row.reason,
    }));
  return { ...leg, href: toJourneyHref(leg.instance), history };
}

function compareLegs(a: UnforetoldLeg, b: UnforetoldLeg): number {
  const [first, second] = [a.startedAt ?? a.endedAt ?? "", b.startedAt ?? b.endedAt ?? ""];
  return first < second ? -1 : first > second ? 1 : `${a.flow} ${a.leg}` < `${b.flow} ${b.leg}` ? -1 : 1;
}
