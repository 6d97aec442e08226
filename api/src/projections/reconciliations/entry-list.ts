import { type Cell, type Live, compareEntries } from "./cell.ts";
import type { Entry, Side } from "./entry.ts";
import { MAX_LISTED } from "./item-entries.ts";

/** The entries of a side that stand in an item. */
export interface EntryList {
  count: number;
  /** Ids of the earliest, 20 at most. */
  first: readonly string[];
  /** Whether an entry is among them. */
  has: (entry: Entry) => boolean;
  /** Ids of all of them, found out anew each time: takes as long as the key has entries. */
  list: () => readonly string[];
}

/** The entries of both sides that stand in a cell now, or one that stands alone. */
export function listEntries(cell: Cell, alone: Live | undefined): Record<Side, EntryList> {
  if (alone) {
    const { side, id } = alone.entry;
    const one: EntryList = {
      count: 1,
      first: [id],
      has: ({ side: of, id: other }) => of === side && other === id,
      list: () => [id],
    };
    return { a: side === "a" ? one : NONE, b: side === "b" ? one : NONE };
  }
  const version = cell.log.length;
  const toList = (side: Side): EntryList => ({
    count: cell.sides[side].byId.size,
    first: cell.sides[side].inOrder.items.slice(0, MAX_LISTED).map(({ entry }) => entry.id),
    has: (entry) => entry.side === side && wasIn(cell, version, entry),
    list: () => listAt(cell, version, side),
  });
  return { a: toList("a"), b: toList("b") };
}

const NONE: EntryList = { count: 0, first: [], has: () => false, list: () => [] };

/** An entry comes and goes in turn. */
function wasIn({ log, marks }: Cell, version: number, entry: Entry): boolean {
  const before = (marks.get(entry) ?? []).findLast((place) => place < version);
  return before !== undefined && log[before]?.isIn === true;
}

function listAt({ log }: Cell, version: number, side: Side): string[] {
  const standing = new Map<Entry, number>();
  for (const { entry, at, isIn: is } of log.slice(0, version))
    if (entry.side === side) {
      if (is) standing.set(entry, at);
      else standing.delete(entry);
    }
  return [...standing].toSorted(([x, xAt], [y, yAt]) => xAt - yAt || compareEntries(x, y)).map(([entry]) => entry.id);
}
