/** Stands in the store for the entry that the item is named by: most items have no other, and event ids do not compress. */
const ITEM_ITSELF = "";

export function toStoredEntries(entries: readonly string[], item: string): string[] {
  return entries.map((entry) => (entry === item ? ITEM_ITSELF : entry));
}

/** The entries of a stored row; those that were stored in full stay as they are. */
export function fromStoredEntries(stored: readonly string[], item: string): string[] {
  return stored.map((entry) => (entry === ITEM_ITSELF ? item : entry));
}
