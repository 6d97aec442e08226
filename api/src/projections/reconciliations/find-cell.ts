import type { Cell } from "./cell.ts";
import { type Matching, type Side, otherSide } from "./entry.ts";
import { createSortedList } from "./sorted-list.ts";

/** The cells of a key, and where the next entry goes. */
export interface CellFinder<Found extends Cell> {
  /** The first cell that takes an entry of a side, or a new one. */
  find: (side: Side) => Found;
  /** To be told of each cell whose entries changed. */
  note: (cell: Found) => void;
}

/** Keeps in sight which cells are free, so that none that is not is looked at. */
export function createCellFinder<Found extends Cell>(matching: Matching, create: () => Found): CellFinder<Found> {
  const cells: Found[] = [];
  const places = new Map<Found, number>();
  const free = { a: createSortedList(byNumber), b: createSortedList(byNumber) };
  const note = (cell: Found) => {
    const place = places.get(cell);
    if (place === undefined) return;
    for (const side of ["a", "b"] as const)
      if (isFree(cell, side, matching)) free[side].put(place);
      else free[side].remove(place);
  };
  return {
    note,
    find: (side) => {
      const found = cells[free[side].items[0] ?? -1];
      if (found) return found;
      const cell = create();
      places.set(cell, cells.push(cell) - 1);
      note(cell);
      return cell;
    },
  };
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function isFree({ sides }: Cell, side: Side, matching: Matching): boolean {
  const [own, other] = [sides[side].byId.size, sides[otherSide(side)].byId.size];
  return matching === "M:N" || own === 0 || (matching === "1:N" && other <= 1);
}
