import {
  type Rational,
  ZERO,
  absolute,
  add,
  isZero,
  negate,
  signOf,
  subtract,
} from "@throughline/schemas/exact/rational";
import { type Entry, SIDES, type Side } from "./entry.ts";
import type { WholeState } from "./whole-flows.fixture.ts";

/** An entry that stands, with what it is worth now and when it came. */
export interface Live {
  entry: Entry;
  value: Rational;
  at: number;
}

/** Entries of one key that are held against each other. */
interface Cell {
  live: Readonly<Record<Side, ReadonlyMap<string, Live>>>;
  /** What the entries of each side that stand add up to. */
  totals: Readonly<Record<Side, Rational>>;
  /** The entry that a difference was last named after, by the side that it is on. */
  names: Partial<Record<Side, Live>>;
}

/** What is open in a cell: an entry without another side, or a difference between both. */
export interface Item {
  named: Live;
  side: Side;
  /** As it adds to the net: of side a positive, of side b negative, unless the entry itself is below 0. */
  value: Rational;
  isMatched: boolean;
  lastAt: number;
  entries: Readonly<Record<Side, readonly string[]>>;
}

/** A cell, and how an entry of it comes to stand with a value or to stand no more. */
export interface WholeCell extends Cell {
  put: (entry: Entry, live: Omit<Live, "entry"> | undefined) => void;
}

/** Totals are carried along, so that a change costs the same however many entries stand. */
export function createCell(): WholeCell {
  const live = { a: new Map<string, Live>(), b: new Map<string, Live>() };
  const totals = { a: ZERO, b: ZERO };
  return {
    live,
    totals,
    names: {},
    put: (entry, next) => {
      const { side, id } = entry;
      const before = live[side].get(id)?.value ?? ZERO;
      totals[side] = add(subtract(totals[side], before), next?.value ?? ZERO);
      if (next === undefined) live[side].delete(id);
      else live[side].set(id, { entry, ...next });
    },
  };
}

function isMatched({ live }: Cell): boolean {
  return live.a.size > 0 && live.b.size > 0;
}

export function toState(cell: Cell): WholeState {
  const net = { ...cell.totals };
  const values = isMatched(cell)
    ? [["", absolute(subtract(net.a, net.b))] as const].filter(([, value]) => !isZero(value))
    : SIDES.flatMap((side) =>
        [...cell.live[side]].map(([id, { value }]) => [`${side}${id}`, absolute(value)] as const),
      );
  return { ...net, isMatched: isMatched(cell), items: new Map(values) };
}

/** Names the difference of a cell: see `traceWhole`. `wasOpen` tells whether a side had anything open before. */
export function nameDifference(
  cell: Cell,
  { came, wasOpen }: { came: (side: Side) => Live | undefined; wasOpen: (side: Side) => boolean },
) {
  const side = findSurplus(cell);
  if (side === undefined) return;
  const named = cell.names[side];
  const kept = named && cell.live[side].has(named.entry.id) ? named : undefined;
  const next = (wasOpen(side) ? kept : (came(side) ?? kept)) ?? listLive(cell, side)[0];
  if (next) cell.names[side] = next;
}

export function listItems(cell: Cell): Item[] {
  if (!isMatched(cell)) return SIDES.flatMap((side) => listLive(cell, side).map((live) => toUnmatched(live, side)));
  const side = findSurplus(cell);
  const named = side && cell.names[side];
  if (!side || !named) return [];
  const { a, b } = cell.totals;
  const lives = { a: listLive(cell, "a"), b: listLive(cell, "b") };
  return [
    {
      named,
      side,
      value: subtract(a, b),
      isMatched: true,
      lastAt: Math.max(...lives[side].map(({ at }) => at)),
      entries: { a: lives.a.map(({ entry }) => entry.id), b: lives.b.map(({ entry }) => entry.id) },
    },
  ];
}

export function compareEntries(a: Entry, b: Entry): number {
  const [left, right] = [`${a.side}${a.id}`, `${b.side}${b.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toUnmatched(live: Live, side: Side): Item {
  const { entry, value, at } = live;
  return {
    named: live,
    side,
    value: side === "a" ? value : negate(value),
    isMatched: false,
    lastAt: at,
    entries: { a: side === "a" ? [entry.id] : [], b: side === "b" ? [entry.id] : [] },
  };
}

function listLive({ live }: Cell, side: Side): Live[] {
  return [...live[side].values()].toSorted((x, y) => x.at - y.at || compareEntries(x.entry, y.entry));
}

/** The side that has more; undefined when both have the same. */
function findSurplus({ totals: { a, b } }: Cell): Side | undefined {
  const sign = signOf(subtract(a, b));
  return sign === 0 ? undefined : sign > 0 ? "a" : "b";
}
