import { type Rational, subtract, sum } from "@throughline/schemas/exact/rational";
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
  return [...groups.values()].flatMap((group) => {
    const moves = group.filter(({ entry }) => entry.side === "a").flatMap(({ entry }) => entry.movements);
    const levels = group.filter(({ entry }) => entry.side === "b").flatMap(toLevel);
    levels.sort((x, y) => x.at - y.at || (x.entry.id < y.entry.id ? -1 : 1));
    return levels.slice(1).flatMap((level, index): DatedEntry[] => {
      const before = levels[index];
      if (before === undefined) return [];
      const between = moves.filter(({ at }) => at > before.at && at <= level.at).map(({ value }) => value);
      const key = `${level.entry.key}\u001f${new Date(level.at).toISOString()} ${level.entry.id}`;
      const at = level.at;
      return [
        { unit: level.unit, entry: { ...level.entry, side: "a", key, movements: [{ at, value: sum(between) }] } },
        {
          unit: level.unit,
          entry: { ...level.entry, key, movements: [{ at, value: subtract(level.value, before.value) }] },
        },
      ];
    });
  });
}

function toLevel({ unit, entry }: DatedEntry): { unit: string; entry: Entry; at: number; value: Rational }[] {
  const value = sumMovements(entry.movements);
  const [first] = entry.movements;
  return value === undefined || first === undefined ? [] : [{ unit, entry, at: first.at, value }];
}
