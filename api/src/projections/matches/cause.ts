import {
  MATCH_CODES,
  MATCH_OUTCOMES,
  type MatchCause,
  type MatchOutcome,
  toMatchOutcome,
} from "@throughline/schemas/match";

/** In the order in which people should read them: a suspected unit first, then the gravest. */
export function sortCauses(causes: readonly MatchCause[]): MatchCause[] {
  return causes.toSorted(
    (a, b) =>
      Number(b.code === "UOM_SUSPECT") - Number(a.code === "UOM_SUSPECT") ||
      gravityOf(toMatchOutcome(b.code)) - gravityOf(toMatchOutcome(a.code)) ||
      MATCH_CODES.indexOf(a.code) - MATCH_CODES.indexOf(b.code),
  );
}

/** The gravest outcome of all causes; matched without any. */
export function toOutcome(causes: readonly MatchCause[]): MatchOutcome {
  return worstOf(causes.map(({ code }) => toMatchOutcome(code)));
}

/** reject > park > block > hold > warn > matched */
export function worstOf(outcomes: readonly MatchOutcome[]): MatchOutcome {
  return outcomes.reduce((worst, outcome) => (gravityOf(outcome) > gravityOf(worst) ? outcome : worst), "matched");
}

/** Whether an invoice with this outcome stands in the books, though perhaps not to be paid. */
export function isPosted(outcome: MatchOutcome): boolean {
  return outcome !== "rejected" && outcome !== "parked";
}

function gravityOf(outcome: MatchOutcome): number {
  return MATCH_OUTCOMES.indexOf(outcome);
}
