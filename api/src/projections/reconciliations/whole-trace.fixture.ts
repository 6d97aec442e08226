import { type Rational, isZero, subtract } from "@throughline/schemas/exact/rational";
import {
  type WholeCell,
  type Item,
  type Live,
  compareEntries,
  createCell,
  listItems,
  nameDifference,
  toState,
} from "./whole-cell.fixture.ts";
import type { Episode } from "./trace-group.ts";
import { type Entry, type Matching, SIDES, type Side, otherSide, sumMovements } from "./entry.ts";
import type { Flow } from "./flows.ts";
import { type WholeState, listWholeFlows } from "./whole-flows.fixture.ts";

export interface WholeEpisode extends Omit<Episode, "entries" | "balance"> {
  entries: Readonly<Record<Side, readonly string[]>>;
}

export interface WholeTrace {
  episodes: WholeEpisode[];
  flows: Flow[];
}

interface Change {
  at: number;
  entry: Entry;
  value: Rational | undefined;
  isFirst: boolean;
}

interface TracedCell extends WholeCell {
  open: Map<string, WholeEpisode>;
  opened: Set<Side>;
}

/** Follows one key as `traceGroup` does, by looking at all that stands at each moment: slow, and plain to see. */
export function traceWhole(entries: readonly Entry[], matching: Matching): WholeTrace {
  const cells: TracedCell[] = [];
  const cellOf = new Map<Entry, TracedCell>();
  const trace: WholeTrace = { episodes: [], flows: [] };
  for (const instant of listInstants(entries)) {
    const touched = new Map<TracedCell, { before: WholeState; changes: Change[] }>();
    for (const change of instant) {
      const cell = cellOf.get(change.entry) ?? findCell(cells, change.entry, matching);
      cellOf.set(change.entry, cell);
      const known = touched.get(cell) ?? { before: toState(cell), changes: [] };
      known.changes.push(change);
      touched.set(cell, known);
      apply(cell, change);
    }
    for (const [cell, { before, changes }] of touched) settle(cell, { before, changes, trace });
  }
  return trace;
}

/** Changes by time; at one moment what takes back comes first, so that a corrected posting finds its place free. */
function listInstants(entries: readonly Entry[]): Iterable<Change[]> {
  const changes = entries.flatMap((entry) => {
    const movements = entry.movements.toSorted((a, b) => a.at - b.at);
    return movements.flatMap(({ at }, index): Change[] =>
      movements[index + 1]?.at === at
        ? []
        : [{ at, entry, value: sumMovements(movements.slice(0, index + 1)), isFirst: movements[0]?.at === at }],
    );
  });
  changes.sort((a, b) => a.at - b.at || Number(a.isFirst) - Number(b.isFirst) || compareEntries(a.entry, b.entry));
  return Map.groupBy(changes, ({ at }) => at).values();
}

/** The first cell that takes the entry, or a new one. */
function findCell(cells: TracedCell[], entry: Entry, matching: Matching): TracedCell {
  const found = cells.find(({ live }) => {
    const [own, other] = [live[entry.side].size, live[otherSide(entry.side)].size];
    return matching === "M:N" || own === 0 || (matching === "1:N" && other <= 1);
  });
  if (found) return found;
  const cell = { ...createCell(), open: new Map<string, WholeEpisode>(), opened: new Set<Side>() };
  cells.push(cell);
  return cell;
}

function apply(cell: TracedCell, { entry, value }: Change) {
  const [first] = entry.movements;
  cell.put(entry, value === undefined || first === undefined ? undefined : { value, at: first.at });
}

function settle(
  cell: TracedCell,
  { before, changes, trace }: { before: WholeState; changes: readonly Change[]; trace: WholeTrace },
) {
  const at = changes[0]?.at ?? 0;
  const came = (side: Side): Live | undefined => {
    const first = changes.find(({ entry, isFirst }) => isFirst && entry.side === side);
    return first && cell.live[side].get(first.entry.id);
  };
  const isOpen = new Set([...cell.open.values()].map(({ side }) => side));
  nameDifference(cell, { came, wasOpen: (side) => isOpen.has(side) });
  for (const flow of listWholeFlows(before, toState(cell), (side) => cell.opened.has(side)))
    trace.flows.push({ ...flow, at });
  moveEpisodes(cell, { at, changes, trace });
}

function moveEpisodes(
  cell: TracedCell,
  { at, changes, trace }: { at: number; changes: readonly Change[]; trace: WholeTrace },
) {
  const next = new Map(listItems(cell).map((item) => [`${item.side}${item.named.entry.id}`, toEpisode(item, at)]));
  const isCleared = next.size === 0;
  for (const [name, episode] of cell.open) {
    const after = next.get(name);
    if (after && isSame(after, episode)) {
      next.delete(name);
      continue;
    }
    cell.open.delete(name);
    episode.until = at;
    if (isCleared) episode.clearedIn = listPeriods(changes, otherSide(episode.side));
  }
  for (const [name, episode] of next) {
    cell.open.set(name, episode);
    cell.opened.add(episode.side);
    trace.episodes.push(episode);
  }
}

function listPeriods(changes: readonly Change[], side: Side): string[] {
  const came = changes.filter(({ entry, isFirst }) => isFirst && entry.side === side);
  return [...new Set(came.map(({ entry }) => entry.period))].toSorted();
}

function toEpisode({ named, side, value, isMatched, lastAt, entries }: Item, from: number): WholeEpisode {
  const { entry, at: since } = named;
  const { id: item, key, period } = entry;
  return { item, side, key, period, from, until: undefined, value, since, lastAt, isMatched, entries, clearedIn: [] };
}

function isSame(a: WholeEpisode, b: WholeEpisode): boolean {
  return (
    isZero(subtract(a.value, b.value)) &&
    a.isMatched === b.isMatched &&
    a.lastAt === b.lastAt &&
    SIDES.every((side) => a.entries[side].join("\u0000") === b.entries[side].join("\u0000"))
  );
}
