import type { Said } from "./backtest.ts";

/** What was said with about the same chance, and how often it came true. */
export interface ReliabilityRow {
  decile: number;
  n: number;
  /** Mean chance to be late that was said. */
  said: number;
  /** Share that was late. */
  seen: number;
}

export interface Reliability {
  n: number;
  rows: ReliabilityRow[];
  /** Mean squared distance of what was said from what came; 0 is perfect. */
  brier: number;
  /** The same had everyone been told the share of all legs that are late. */
  baseBrier: number;
  baseRate: number;
  /** Mean distance of said and seen over the deciles, by their numbers. */
  calibrationError: number;
}

/** How what was said compares with what came of it. */
export function measureReliability(said: readonly Said[]): Reliability {
  const groups = Map.groupBy(said, ({ late }) => Math.min(9, Math.floor(late * 10)));
  const rows = [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([decile, own]) => ({
      decile,
      n: own.length,
      said: mean(own.map(({ late }) => late)),
      seen: mean(own.map(({ isLate }) => Number(isLate))),
    }));
  const baseRate = mean(said.map(({ isLate }) => Number(isLate)));
  return {
    n: said.length,
    rows,
    brier: mean(said.map(({ late, isLate }) => (late - Number(isLate)) ** 2)),
    baseBrier: baseRate * (1 - baseRate),
    baseRate,
    calibrationError: rows.reduce((sum, row) => sum + Math.abs(row.said - row.seen) * row.n, 0) / said.length,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
