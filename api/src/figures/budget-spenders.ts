import type { TimeRange } from "../contract/figure.ts";
import type { BudgetSpender } from "../contract/slo.ts";
import type { SpenderKind, SpenderRow } from "../queries/count-spenders.ts";
import type { SloFilter } from "../queries/sum-judged-legs.ts";
import { toCompliance, toSeenCounts } from "./leg-counts.ts";

const MOST = 20;

/** Whose legs spent an error budget, those that spent most first; at most twenty. */
export function toSpenders(
  rows: readonly SpenderRow[],
  { filter, range, kind }: { filter: SloFilter; range: TimeRange; kind: SpenderKind },
): BudgetSpender[] {
  const all = toSeenCounts(rows, { ...filter, range }).breached.value;
  return [...Map.groupBy(rows, ({ value }) => value)]
    .map(([value, own]) => {
      const scope = { ...filter, range, [kind]: [value] };
      const spent = toSeenCounts(own, scope).breached;
      return { value, compliance: toCompliance(own, scope), spent, share: all === 0 ? null : spent.value / all };
    })
    .filter(({ compliance }) => compliance.n > 0)
    .toSorted(
      (a, b) => b.spent.value - a.spent.value || b.compliance.n - a.compliance.n || (a.value < b.value ? -1 : 1),
    )
    .slice(0, MOST);
}
