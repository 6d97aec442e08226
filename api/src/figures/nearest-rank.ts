/**
 * A percentile by nearest rank: the least value that at least `percent` per cent of the values do not exceed; always one of
 * them, never in between. `sorted` ascending, `percent` a whole number from 1 to 100; undefined of no values.
 */
export function nearestRank(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1];
}
