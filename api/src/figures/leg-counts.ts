import type { Verdict } from "@throughline/schemas/leg";
import type { Compliance, Figure } from "../contract/figure.ts";
import type { LegCounts } from "../contract/flow.ts";
import { toHref } from "../http/href.ts";
import type { LegSelection } from "../queries/newest-legs.ts";

/** The column of a count that a verdict belongs to. */
export const COLUMN_OF: Record<Verdict, Exclude<keyof LegCounts, "total">> = {
  OPEN: "open",
  AT_RISK: "atRisk",
  PAUSED: "open",
  BREACHED: "breached",
  OVERDUE_PROVISIONAL: "overdue",
  MET: "met",
  PENDING_START: "others",
  ORPHAN_END: "others",
  SEQUENCE: "others",
  EXCLUDED: "others",
  UNKNOWN: "unknown",
  SUPERSEDED: "others",
};

const VERDICTS_OF: Record<keyof LegCounts, readonly Verdict[]> = {
  open: ["OPEN", "PAUSED"],
  atRisk: ["AT_RISK"],
  breached: ["BREACHED"],
  overdue: ["OVERDUE_PROVISIONAL"],
  met: ["MET"],
  unknown: ["UNKNOWN"],
  others: ["PENDING_START", "ORPHAN_END", "SEQUENCE", "EXCLUDED", "SUPERSEDED"],
  total: [],
};

const JUDGED: readonly Verdict[] = ["MET", "BREACHED", "OVERDUE_PROVISIONAL"];

/** What the legs of a list have in common, besides their verdicts. */
export type LegListScope = LegSelection & { startHour?: number; zone?: string; feed?: "heard" | undefined };

/** Counts per column, each with the list of its legs. */
export function toLegCounts(rows: readonly { verdict: Verdict; legs: number }[], scope: LegListScope): LegCounts {
  const count = (column: keyof LegCounts): Figure => ({
    value: rows
      .filter(({ verdict }) => column === "total" || COLUMN_OF[verdict] === column)
      .reduce((sum, { legs }) => sum + legs, 0),
    href: toLegsHref(scope, VERDICTS_OF[column]),
  });
  return {
    open: count("open"),
    atRisk: count("atRisk"),
    breached: count("breached"),
    overdue: count("overdue"),
    met: count("met"),
    unknown: count("unknown"),
    others: count("others"),
    total: count("total"),
  };
}

/** How many legs stand at a verdict, and how many of them are dated in hours in which their feed was blind. */
export interface CountedVerdict {
  verdict: Verdict;
  legs: number;
  unseen: number;
}

/** The counts that a service is judged by: of the legs dated in hours in which their feed was heard. */
export function toSeenCounts(rows: readonly CountedVerdict[], scope: LegListScope): LegCounts {
  const seen = rows.map(({ verdict, legs, unseen }) => ({ verdict, legs: legs - unseen }));
  return toLegCounts(seen, { ...scope, feed: rows.some(({ unseen }) => unseen !== 0) ? "heard" : undefined });
}

/** MET ÷ (MET + BREACHED + OVERDUE_PROVISIONAL) of the legs that a service is judged by. */
export function toCompliance(rows: readonly CountedVerdict[], scope: LegListScope): Compliance {
  const judged = rows.filter(({ verdict }) => JUDGED.includes(verdict));
  const { met, total } = toSeenCounts(judged, scope);
  const unseen = judged.reduce((sum, { unseen: left }) => sum + left, 0);
  const feed = unseen === 0 ? undefined : "heard";
  const n = total.value;
  return {
    share: n === 0 ? null : met.value / n,
    met: met.value,
    n,
    unseen,
    href: toLegsHref({ ...scope, feed }, JUDGED),
  };
}

export function toLegsHref({ range, ...scope }: LegListScope, verdicts: readonly Verdict[]): string {
  return toHref("/legs", { ...scope, verdict: verdicts, from: range?.from, to: range?.to });
}
