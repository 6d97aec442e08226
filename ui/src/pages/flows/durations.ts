import type { LegDurations } from "@throughline/api/contract";
import type { HistogramData } from "../../charts/histogram-option.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatCoarse } from "../../format/time.ts";

/** Whether durations are known: what is still being read, or could not be, says nothing of the legs. */
export type DurationsState = "reading" | "failed" | "read";

type Bin = LegDurations["bins"][number];

/** Where a length of time lies among bins, counted in bins from the left; undefined beyond the last one. */
export function placeOf(bins: readonly Bin[], durationMs: number): number | undefined {
  const index = bins.findIndex(({ fromMs, toMs }) => fromMs <= durationMs && durationMs < (toMs ?? Infinity));
  const bin = bins[index];
  if (bin === undefined) return undefined;
  const length = (bin.toMs ?? bin.fromMs) - bin.fromMs;
  return index + (length === 0 ? 0.5 : (durationMs - bin.fromMs) / length);
}

/** The time that most of the legs were allowed; undefined without any. */
export function usualBudget(durations: LegDurations): number | undefined {
  return durations.budgets[0]?.budgetMs;
}

/** How long legs took, in time and late, against the times that they were allowed. */
export function toHistogram(durations: LegDurations): HistogramData {
  return {
    of: "Time taken",
    series: [
      { name: "in time", colour: "mark" },
      { name: "late", colour: "red-fill" },
    ],
    bins: durations.bins.map(({ fromMs, toMs, met, late }) => ({
      from: formatDuration(fromMs),
      title:
        toMs === null ? `${formatDuration(fromMs)} or more` : `${formatDuration(fromMs)} to ${formatDuration(toMs)}`,
      values: [met, late],
    })),
    marks: durations.budgets
      .flatMap(({ budgetMs }) => {
        const at = placeOf(durations.bins, budgetMs);
        return at === undefined ? [] : [{ at, name: `allowed ${formatDuration(budgetMs)}` }];
      })
      .slice(0, MOST_MARKS),
  };
}

const MOST_MARKS = 2;

/** `p50 48 min · p90 2 h`, of the legs that ended; empty text without any. */
export function sayPercentiles({ p50Ms, p90Ms }: LegDurations): string {
  return p50Ms === null || p90Ms === null ? "" : `p50 ${formatCoarse(p50Ms)} · p90 ${formatCoarse(p90Ms)}`;
}
