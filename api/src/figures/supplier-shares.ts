import type { SupplierShare } from "../contract/flow-durations.ts";
import type { SupplierRow } from "../queries/count-supplier-legs.ts";
import { type LegListScope, toCompliance, toLegCounts } from "./leg-counts.ts";

/** Each supplier with how its legs stand: the most late ones first, then the least share in time. */
export function toSupplierShares(rows: readonly SupplierRow[], scope: LegListScope): SupplierShare[] {
  return [...Map.groupBy(rows, ({ supplier }) => supplier)]
    .map(([supplier, own]) => {
      const within = { ...scope, supplier: [supplier] };
      const counts = toLegCounts(own, within);
      return { supplier, counts, compliance: toCompliance(own, within) };
    })
    .toSorted((a, b) => compareWorst(a, b));
}

function compareWorst(a: SupplierShare, b: SupplierShare): number {
  const late = ({ counts }: SupplierShare) => counts.breached.value + counts.overdue.value;
  const share = ({ compliance }: SupplierShare) => compliance.share ?? 1;
  return late(b) - late(a) || share(a) - share(b) || (a.supplier < b.supplier ? -1 : 1);
}
