import { type Rational, subtract } from "@throughline/schemas/exact/rational";
import { createRunningSum } from "../running-sum.ts";
import { type Entry, sumMovements } from "./entry.ts";

export interface DatedEntry {
  unit: string;
  entry: Entry;
}

/**
 * Turns levels into what has to have moved: between two counts of a key, side a says what came and went, side b by how much
 * the counts differ. The first count is where it begins; what moved after the last one waits for the next.
 */
export function levelEntries(entries: readonly DatedEntry[]): DatedEntry[] {
  const groups = Map.groupBy(entries, ({ unit, entry }) => `${unit}\u0000${entry.key}`);
  return [...groups.values()].flatMap(toDifferences);
}

function toDifferences(group: readonly DatedEntry[]): DatedEntry[] {
  const levels = group.filter(({ entry }) => entry.side === "b").flatMap(toLevel);
  if (levels.length < 2) return [];
  levels.sort((x, y) => x.at - y.at || (x.entry.id < y.entry.id ? -1 : 1));
  const moves = group.filter(({ entry }) => entry.side === "a").flatMap(({ entry }) => entry.movements);
  const sumUntil = createRunningSum(moves);
  return levels.slice(1).flatMap(({ unit, entry, at, value }, index): DatedEntry[] => {
    const before = levels[index];
    if (before === undefined) return [];
    const key = `${entry.key}\u001f${new Date(at).toISOString()} ${entry.id}`;
    const moved = subtract(sumUntil(at), sumUntil(before.at));
    const counted = subtract(value, before.value);
    return [
      { unit, entry: { ...entry, side: "a", key, movements: [{ at, value: moved }] } },
      { unit, entry: { ...entry, key, movements: [{ at, value: counted }] } },
    ];
  });
}

function toLevel({ unit, entry }: DatedEntry): { unit: string; entry: Entry; at: number; value: Rational }[] {
  const value = sumMovements(entry.movements);
  const [first] = entry.movements;
  return value === undefined || first === undefined ? [] : [{ unit, entry, at: first.at, value }];
}
