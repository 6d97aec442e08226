/**
 * The shares of a budget at which legs are counted. They lie close together where many legs end, soon after their start,
 * and two hundredths apart from a tenth on.
 */
export const SHARE_GRID: readonly number[] = [
  0,
  0.001,
  0.002,
  0.005,
  0.01,
  0.015,
  0.02,
  0.03,
  0.04,
  0.06,
  0.08,
  ...Array.from({ length: 46 }, (_, index) => (10 + index * 2) / 100),
];

/** How many cells lie between the points of the grid. */
export const CELLS = SHARE_GRID.length - 1;

/** The cell that a share lies in: from its point of the grid up to the next. What is beyond the budget lies in the last. */
export function findCell(share: number): number {
  const cell = SHARE_GRID.findLastIndex((point) => point <= share);
  return Math.min(Math.max(cell, 0), CELLS - 1);
}
