import { type Rational, ZERO, absolute, add, negate, signOf, subtract } from "@throughline/schemas/exact/rational";
import { type Amount, type Worth, createWorth, findBalance } from "./worth.ts";
import { type Entry, SIDES, type Side } from "./entry.ts";
import type { State } from "./flows.ts";
import { type SortedList, createSortedList } from "./sorted-list.ts";

/** An entry that stands, with what it is worth now and when it came. */
export interface Live {
  entry: Entry;
  value: Rational;
  at: number;
  /** The money that it states, where that is asked for. */
  amount: Amount | undefined;
}

interface CellSide {
  byId: Map<string, Live>;
  /** By when they came. */
  inOrder: SortedList<Live>;
  total: Rational;
  /** The same, each without its sign. */
  gross: Rational;
  worth: Worth;
}

/** Entries of one key that are held against each other. Sums are carried along: a change costs the same however many stand. */
export interface Cell {
  sides: Readonly<Record<Side, CellSide>>;
  /** The entry that a difference was last named after, by the side that it is on. */
  names: Partial<Record<Side, Live>>;
  /** All that came and went, in order, for whoever asks which entries stood at a time. */
  log: { entry: Entry; at: number; isIn: boolean }[];
  /** The places of each entry there. */
  marks: Map<Entry, number[]>;
  /** How an entry of it comes to stand with a value, or to stand no more. */
  put: (entry: Entry, live: Omit<Live, "entry"> | undefined) => void;
}

/** What is open in a cell: an entry without another side, or a difference between both. */
export interface Item {
  named: Live;
  side: Side;
  /** As it adds to the net: of side a positive, of side b negative, unless the entry itself is below 0. */
  value: Rational;
  isMatched: boolean;
  lastAt: number;
  balance: Amount | undefined;
}

export function createCell(): Cell {
  const sides = { a: createSide(), b: createSide() };
  const log: Cell["log"] = [];
  const marks: Cell["marks"] = new Map();
  return {
    sides,
    names: {},
    log,
    marks,
    put: (entry, next) => {
      const side = sides[entry.side];
      const before = side.byId.get(entry.id);
      if (before) take(side, before);
      if (next) give(side, { entry, ...next });
      const isIn = next !== undefined;
      if (isIn === (before !== undefined)) return;
      const place = log.push({ entry, at: next?.at ?? before?.at ?? 0, isIn }) - 1;
      const known = marks.get(entry);
      if (known) known.push(place);
      else marks.set(entry, [place]);
    },
  };
}

export function isMatched({ sides }: Cell): boolean {
  return sides.a.byId.size > 0 && sides.b.byId.size > 0;
}

export function toState(cell: Cell): State {
  const { a, b } = cell.sides;
  const net = absolute(subtract(a.total, b.total));
  return isMatched(cell)
    ? { a: a.total, b: b.total, isMatched: true, count: signOf(net), gross: net }
    : { a: a.total, b: b.total, isMatched: false, count: a.byId.size + b.byId.size, gross: add(a.gross, b.gross) };
}

/** Names the difference of a cell: see `traceGroup`. `wasOpen` tells whether a side had anything open before. */
export function nameDifference(
  cell: Cell,
  { came, wasOpen }: { came: (side: Side) => Live | undefined; wasOpen: (side: Side) => boolean },
) {
  const side = findSurplus(cell);
  if (side === undefined) return;
  const named = cell.names[side];
  const kept = named && cell.sides[side].byId.has(named.entry.id) ? named : undefined;
  const next = (wasOpen(side) ? kept : (came(side) ?? kept)) ?? cell.sides[side].inOrder.items[0];
  if (next) cell.names[side] = next;
}

/** What is open in a cell of which only one side came: each of its entries. */
export function listUnmatched({ sides }: Cell): Item[] {
  return SIDES.flatMap((side) => sides[side].inOrder.items.map((live) => toUnmatched(live)));
}

/** What is open in a cell of which both sides came: the difference, if there is one. */
export function findDifference(cell: Cell): Item | undefined {
  const side = findSurplus(cell);
  const named = side && cell.names[side];
  if (!side || !named) return undefined;
  const { a, b } = cell.sides;
  return {
    named,
    side,
    value: subtract(a.total, b.total),
    isMatched: true,
    lastAt: cell.sides[side].inOrder.items.at(-1)?.at ?? named.at,
    balance: findBalance({ a: [a.worth, a.total], b: [b.worth, b.total] }),
  };
}

export function toUnmatched(live: Live): Item {
  const { entry, value, at, amount } = live;
  const worth = createWorth();
  worth.add(amount);
  return {
    named: live,
    side: entry.side,
    value: entry.side === "a" ? value : negate(value),
    isMatched: false,
    lastAt: at,
    balance: findBalance({ [entry.side]: [worth, value] }),
  };
}

export function compareEntries(a: Entry, b: Entry): number {
  const [left, right] = [`${a.side}${a.id}`, `${b.side}${b.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function createSide(): CellSide {
  const inOrder = createSortedList<Live>((x, y) => x.at - y.at || compareEntries(x.entry, y.entry));
  return { byId: new Map(), inOrder, total: ZERO, gross: ZERO, worth: createWorth() };
}

function give(side: CellSide, live: Live) {
  side.byId.set(live.entry.id, live);
  side.inOrder.put(live);
  side.total = add(side.total, live.value);
  side.gross = add(side.gross, absolute(live.value));
  side.worth.add(live.amount);
}

function take(side: CellSide, live: Live) {
  side.byId.delete(live.entry.id);
  side.inOrder.remove(live);
  side.total = subtract(side.total, live.value);
  side.gross = subtract(side.gross, absolute(live.value));
  side.worth.remove(live.amount);
}

/** The side that has more; undefined when both have the same. */
function findSurplus({ sides: { a, b } }: Cell): Side | undefined {
  const sign = signOf(subtract(a.total, b.total));
  return sign === 0 ? undefined : sign > 0 ? "a" : "b";
}
