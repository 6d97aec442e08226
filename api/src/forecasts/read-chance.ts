import type { ForecastLevel } from "./cohort.ts";
import { MIN_LIKE } from "./fit-forecasts.ts";
import { SHARE_GRID, findCell } from "./share-grid.ts";

interface Curve {
  level: ForecastLevel;
  like: readonly number[];
  late: readonly number[];
}

/** A chance between 0 and 1 that a leg ends in time, and from how many legs that had run as long. */
export interface Chance {
  chance: number;
  n: number;
  level: ForecastLevel;
}

/**
 * The chance of a leg that is open at a share of its budget: by the first of the curves, the most alike first, that at
 * least `MIN_LIKE` legs stand behind there. Between two points of the grid legs end at an even rate.
 */
export function readChance(curves: readonly Curve[], share: number): Chance | undefined {
  const cell = findCell(share);
  const curve = curves.find(({ like }) => (like[cell] ?? 0) >= MIN_LIKE);
  if (curve === undefined || share >= 1) return undefined;
  const [from = 0, to = 1] = SHARE_GRID.slice(cell, cell + 2);
  const passed = Math.max(0, share - from) / (to - from);
  const late = (curve.late[cell] ?? 1) ** (1 - passed) * (curve.late[cell + 1] ?? 1) ** passed;
  return { chance: 1 - late, n: curve.like[cell] ?? 0, level: curve.level };
}
