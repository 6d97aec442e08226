import { type Accessor, createMemo, createSignal } from "solid-js";
import { type HeldRows, holdOrder } from "./table-order.ts";

export interface HeldTable<Row> {
  rows: Accessor<readonly Row[]>;
  waiting: Accessor<number>;
  isGone: (row: Row | undefined) => boolean;
  /** Shows what waits now, pointer or not. */
  release: () => void;
  setPointed: (isPointed: boolean) => void;
  setFocused: (isFocused: boolean) => void;
}

/** The rows of a table in an order that stands still while the pointer or the focus is in it. */
export function createHeldRows<Row>(rows: Accessor<readonly Row[]>, keyOf: (row: Row) => string): HeldTable<Row> {
  const [isPointed, setPointed] = createSignal(false);
  const [isFocused, setFocused] = createSignal(false);
  const [releases, setReleases] = createSignal(0);
  let before: HeldRows<Row> = { rows: [], waiting: 0, gone: new Set() };
  let releasesBefore = 0;
  const state = createMemo(() => {
    const isHeld = (isPointed() || isFocused()) && releases() === releasesBefore;
    releasesBefore = releases();
    before = isHeld ? holdOrder(before.rows, rows(), keyOf) : { rows: rows(), waiting: 0, gone: new Set() };
    return before;
  });
  return {
    rows: () => state().rows,
    waiting: () => state().waiting,
    isGone: (row) => row !== undefined && state().gone.has(keyOf(row)),
    release: () => setReleases((count) => count + 1),
    setPointed,
    setFocused,
  };
}
