import type { HeatCell } from "../contract/flow-durations.ts";
import type { LegStartRow } from "../queries/count-leg-starts.ts";
import { type LegListScope, toCompliance, toLegCounts } from "./leg-counts.ts";

/** A cell for each site and hour of the day at which legs began, each with the list of its legs. */
export function toHeatCells(rows: readonly LegStartRow[], scope: LegListScope & { zone: string }): HeatCell[] {
  const cells = Map.groupBy(rows, ({ site, started_hour: hour }) => JSON.stringify([site, hour]));
  return [...cells.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const within = { ...scope, site: [first.site], startHour: first.started_hour };
    const counts = toLegCounts(own, within);
    return [
      {
        site: first.site,
        hour: first.started_hour,
        compliance: toCompliance(own, within),
        legs: counts.total,
        unknown: counts.unknown,
      },
    ];
  });
}
