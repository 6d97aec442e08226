export interface HeldRows<Row> {
  rows: readonly Row[];
  /** How many rows wait to be shown until nobody points at the table. */
  waiting: number;
  /** Keys of rows that are still shown although the list no longer has them. */
  gone: ReadonlySet<string>;
}

/**
 * New rows laid over those that are shown, so that none of these moves: known rows keep their place and take their new
 * content, rows of a further page follow at the end, and rows that would push in between wait. When no shown row is
 * left, the list is another one and is taken as it is.
 */
export function holdOrder<Row>(
  shown: readonly Row[],
  next: readonly Row[],
  keyOf: (row: Row) => string,
): HeldRows<Row> {
  const nextByKey = new Map(next.map((row) => [keyOf(row), row]));
  const shownKeys = new Set(shown.map(keyOf));
  const lastKnown = next.findLastIndex((row) => shownKeys.has(keyOf(row)));
  if (lastKnown === -1) return { rows: next, waiting: 0, gone: new Set() };
  const kept = shown.map((row) => nextByKey.get(keyOf(row)) ?? row);
  const waiting = next.slice(0, lastKnown).filter((row) => !shownKeys.has(keyOf(row))).length;
  const gone = new Set([...shownKeys].filter((key) => !nextByKey.has(key)));
  return { rows: [...kept, ...next.slice(lastKnown + 1)], waiting, gone };
}
