import { type Rational, absolute, isZero, subtract } from "@throughline/schemas/exact/rational";
import {
  type Cell,
  type Item,
  type Live,
  compareEntries,
  createCell,
  findDifference,
  isMatched,
  listUnmatched,
  nameDifference,
  toState,
  toUnmatched,
} from "./cell.ts";
import { type Entry, type Matching, SIDES, type Side, otherSide, sumMovements } from "./entry.ts";
import { createCellFinder } from "./find-cell.ts";
import { type Flow, type Moved, type State, listFlows } from "./flows.ts";
import { type EntryList, listEntries } from "./entry-list.ts";
import type { Amount } from "./worth.ts";

/** An open item of a key over a time in which it did not change. Times in milliseconds since 1970 UTC. */
export interface Episode {
  /** The entry that the item is named after. */
  item: string;
  side: Side;
  key: string;
  /** The fiscal period of that entry. */
  period: string;
  from: number;
  /** Undefined while it lasts. */
  until: number | undefined;
  /** Signed, as it adds to the net. */
  value: Rational;
  /** What that is worth, where entries state amounts of one currency. */
  balance: Amount | undefined;
  /** When the entry that it is named after happened: its age counts from here, also when it was reopened. */
  since: number;
  /** When the last entry of its side came: what is missing is due a lag after it. */
  lastAt: number;
  /** The other side was seen too, and differs. */
  isMatched: boolean;
  /** The entries that stand in it, by side. */
  entries: Readonly<Record<Side, EntryList>>;
  /** Periods of the entries of the other side that cleared its key at its end; empty while they have not. */
  clearedIn: readonly string[];
}

export interface Trace {
  episodes: Episode[];
  flows: Flow[];
}

/** How a key is followed: how far its entries may be put together, and the money that an entry with a value states. */
export interface Tracing {
  matching: Matching;
  amountOf?: ((entry: Entry, value: Rational) => Amount | undefined) | undefined;
}

interface Change {
  at: number;
  entry: Entry;
  value: Rational | undefined;
  isFirst: boolean;
}

/** An open episode, and how many entries had come and gone in its cell when it began. */
interface Open {
  episode: Episode;
  version: number;
}

interface TracedCell extends Cell {
  open: Map<string, Open>;
  opened: Set<Side>;
}

/** What happens in one cell at one moment. */
interface Settling {
  at: number;
  before: State;
  changes: Change[];
  moved: (Moved & { entry: Entry })[];
  /** Sides of which something was open before. */
  openSides: Set<Side>;
}

/**
 * Follows one key through time: which items were open when, and what opened and cleared them. An item is named after the
 * entry that brought it, and keeps its name while it stays on its side. Depends on nothing but the entries and how far they
 * may be put together, nor on their order; what lies before a moment depends on nothing after it. Takes about as long as there
 * are entries and episodes.
 */
export function traceGroup(entries: readonly Entry[], { matching, amountOf }: Tracing): Trace {
  const finder = createCellFinder<TracedCell>(matching, () => ({
    ...createCell(),
    open: new Map<string, Open>(),
    opened: new Set<Side>(),
  }));
  const cellOf = new Map<Entry, TracedCell>();
  const trace: Trace = { episodes: [], flows: [] };
  for (const [at, instant] of listInstants(entries)) {
    const touched = new Map<TracedCell, Settling>();
    for (const change of instant) {
      const { entry } = change;
      const cell = cellOf.get(entry) ?? finder.find(entry.side);
      cellOf.set(entry, cell);
      const settling = touched.get(cell) ?? begin(cell, at);
      touched.set(cell, settling);
      apply(cell, change, { settling, amountOf });
      finder.note(cell);
    }
    for (const [cell, settling] of touched) settle(cell, settling, trace);
  }
  return trace;
}

/** Changes by time; at one moment what takes back comes first, so that a corrected posting finds its place free. */
function listInstants(entries: readonly Entry[]): Map<number, Change[]> {
  const changes = entries.flatMap((entry) => {
    const movements = entry.movements.toSorted((a, b) => a.at - b.at);
    return movements.flatMap(({ at }, index): Change[] =>
      movements[index + 1]?.at === at
        ? []
        : [{ at, entry, value: sumMovements(movements.slice(0, index + 1)), isFirst: movements[0]?.at === at }],
    );
  });
  changes.sort((a, b) => a.at - b.at || Number(a.isFirst) - Number(b.isFirst) || compareEntries(a.entry, b.entry));
  return Map.groupBy(changes, ({ at }) => at);
}

function begin(cell: TracedCell, at: number): Settling {
  const openSides = new Set<Side>();
  // Of a difference there is one; else every entry that stands is open.
  if (isMatched(cell)) for (const { episode } of cell.open.values()) openSides.add(episode.side);
  else for (const side of SIDES) if (cell.sides[side].byId.size > 0) openSides.add(side);
  return { at, before: toState(cell), changes: [], moved: [], openSides };
}

function apply(
  cell: TracedCell,
  change: Change,
  { settling, amountOf }: { settling: Settling; amountOf: Tracing["amountOf"] },
) {
  const { entry, value } = change;
  const [first] = entry.movements;
  const before = cell.sides[entry.side].byId.get(entry.id)?.value;
  settling.changes.push(change);
  settling.moved.push({ entry, before: before && absolute(before), after: value && absolute(value) });
  const isLive = value !== undefined && first !== undefined;
  cell.put(entry, isLive ? { value, at: first.at, amount: amountOf?.(entry, value) } : undefined);
}

function settle(cell: TracedCell, settling: Settling, trace: Trace) {
  const { at, before, changes, moved, openSides } = settling;
  const came = (side: Side): Live | undefined => {
    const first = changes.find(({ entry, isFirst }) => isFirst && entry.side === side);
    return first && cell.sides[side].byId.get(first.entry.id);
  };
  nameDifference(cell, { came, wasOpen: (side) => openSides.has(side) });
  const after = toState(cell);
  for (const flow of listFlows(before, after, { wasOpen: (side) => cell.opened.has(side), moved }))
    trace.flows.push({ ...flow, at });
  moveEpisodes(cell, settling, { after, trace });
}

/** Where only one side came before and after, nothing moves but the entries that changed. */
function moveEpisodes(cell: TracedCell, settling: Settling, { after, trace }: { after: State; trace: Trace }) {
  const { at, changes, before, moved } = settling;
  const isApart = !before.isMatched && !after.isMatched;
  const names = isApart ? moved.map(({ entry }) => `${entry.side}${entry.id}`) : [...cell.open.keys()];
  const next = new Map(listNext(cell, isApart ? moved : undefined).map((item) => [toName(item), item]));
  const clearing = new Map<Side, string[]>();
  for (const name of names) {
    const open = cell.open.get(name);
    const item = next.get(name);
    if (open === undefined) continue;
    if (item && isSame(cell, open, item)) {
      next.delete(name);
      continue;
    }
    cell.open.delete(name);
    open.episode.until = at;
    if (after.count > 0) continue;
    const other = otherSide(open.episode.side);
    const periods = clearing.get(other) ?? listPeriods(changes, other);
    clearing.set(other, periods);
    open.episode.clearedIn = periods;
  }
  for (const [name, item] of next) {
    const episode = toEpisode(cell, item, at);
    cell.open.set(name, { episode, version: cell.log.length });
    cell.opened.add(episode.side);
    trace.episodes.push(episode);
  }
}

function listNext(cell: TracedCell, moved: Settling["moved"] | undefined): Item[] {
  if (isMatched(cell)) return [findDifference(cell)].filter((item) => item !== undefined);
  if (moved === undefined) return listUnmatched(cell);
  const lives = moved.flatMap(({ entry }) => cell.sides[entry.side].byId.get(entry.id) ?? []);
  return lives.map((live) => toUnmatched(live));
}

function toName({ side, named }: Item): string {
  return `${side}${named.entry.id}`;
}

function listPeriods(changes: readonly Change[], side: Side): string[] {
  const came = changes.filter(({ entry, isFirst }) => isFirst && entry.side === side);
  return [...new Set(came.map(({ entry }) => entry.period))].toSorted();
}

function toEpisode(
  cell: TracedCell,
  { named, side, value, balance, isMatched: is, lastAt }: Item,
  from: number,
): Episode {
  const { entry, at: since } = named;
  const { id: item, key, period } = entry;
  const entries = listEntries(cell, is ? undefined : named);
  return {
    item,
    side,
    key,
    period,
    from,
    until: undefined,
    value,
    balance,
    since,
    lastAt,
    isMatched: is,
    entries,
    clearedIn: [],
  };
}

/** Whether an item goes on as it is. The other items of one side alone are their entries themselves. */
function isSame(cell: Cell, { episode, version }: Open, item: Item): boolean {
  return (
    isZero(subtract(episode.value, item.value)) &&
    episode.isMatched === item.isMatched &&
    episode.lastAt === item.lastAt &&
    (!item.isMatched || version === cell.log.length)
  );
}
