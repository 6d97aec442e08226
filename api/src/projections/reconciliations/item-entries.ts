/** Of the events that stand in an item so many of a side are listed, the earliest; the others are counted. */
export const MAX_LISTED = 20;

/** Stands in the store for the entry that the item is named by: most items have no other, and event ids do not compress. */
const ITEM_ITSELF = "";

/** Stands last before the number of all, where only the first are stored. */
const COUNT_MARK = "\u0001";

/** The first entries of an item, and how many there are, as a row of the store has them. */
export function toStoredEntries(entries: readonly string[], item: string, count = entries.length): string[] {
  const stored = entries.map((entry) => (entry === item ? ITEM_ITSELF : entry));
  return count > entries.length ? [...stored, `${COUNT_MARK}${count}`] : stored;
}

/** The entries of a stored row, 20 at most. Rows of earlier releases have all of them. */
export function fromStoredEntries(stored: readonly string[], item: string): string[] {
  return stored
    .filter((entry) => !entry.startsWith(COUNT_MARK))
    .slice(0, MAX_LISTED)
    .map((entry) => (entry === ITEM_ITSELF ? item : entry));
}

/** How many entries there are, of those of a stored row. */
export function countEntries(stored: readonly string[]): number {
  const last = stored.at(-1);
  return last?.startsWith(COUNT_MARK) === true ? Number(last.slice(COUNT_MARK.length)) : stored.length;
}

/** The same in SQL, of a column. */
export function countStored(column: "entries_a" | "entries_b"): string {
  return `if(startsWith(${column}[-1], char(1)), toUInt64OrZero(substring(${column}[-1], 2)), length(${column}))`;
}
