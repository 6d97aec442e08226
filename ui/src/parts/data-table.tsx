import { useNavigate } from "@solidjs/router";
import { createVirtualizer } from "@tanstack/solid-virtual";
import {
  type Accessor,
  For,
  type JSX,
  Show,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  onMount,
} from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { createKey } from "../frame/keyboard.tsx";
import { TableHeader } from "./table-header.tsx";
import { createHeldRows } from "./table-held.ts";
import { keepScroll, readScroll } from "./scroll-memory.ts";
import { TableRow } from "./table-row.tsx";
import type { DataTableProps } from "./table-types.ts";
import "./data-table.css";

const ROW_HEIGHT = { default: 36, dense: 28 };
const OVERSCAN = 8;
const MORE_BEFORE_END = 12;
const MOST_FRAMES = 20;

/** A list of any length: only rows in sight exist, j and k move, Enter opens, and rows pointed at never move. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  let created: HTMLDivElement | undefined;
  onMount(() => setScroller(created));
  const held = createHeldRows(
    () => props.rows,
    (row) => props.keyOf(row),
  );
  const { columns, tracks } = createColumns(props, scroller);
  const virtualizer = createRowVirtualizer(() => held.rows().length, scroller);
  createPaging(props, () => held.rows().length - 1 - (virtualizer.getVirtualItems().at(-1)?.index ?? 0));
  const [active, setActive] = createRowMoves({
    table: props,
    rows: held.rows,
    scroller,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  });
  return (
    <div
      class="table"
      style={{ "--tracks": tracks() }}
      onPointerEnter={() => held.setPointed(true)}
      onPointerLeave={() => held.setPointed(false)}
    >
      <div class="table-grid" role="grid" aria-label={props.label} aria-rowcount={held.rows().length + 1}>
        <TableHeader columns={columns()} sorting={props.sorting} onSort={props.onSort} />
        <div
          class="table-scroller"
          ref={(element) => (created = element)}
          onScroll={(event) => keepScroll(event.currentTarget.scrollTop)}
          onFocusIn={() => held.setFocused(true)}
          onFocusOut={() => held.setFocused(false)}
        >
          <div class="table-body" role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
            <For each={virtualizer.getVirtualItems()}>
              {(item) => (
                <TableRow
                  table={props}
                  columns={columns()}
                  row={held.rows()[item.index]}
                  index={item.index}
                  top={item.start}
                  isGone={held.isGone(held.rows()[item.index])}
                  isTabStop={item.index === Math.min(active(), held.rows().length - 1)}
                  onActive={() => setActive(item.index)}
                />
              )}
            </For>
          </div>
        </div>
      </div>
      <TableFoot waiting={held.waiting()} isLoadingMore={props.isLoadingMore === true} onShow={held.release} />
    </div>
  );
}

function createRowVirtualizer(count: Accessor<number>, scroller: Accessor<HTMLDivElement | undefined>) {
  const { density } = usePreferences();
  const virtualizer = createVirtualizer<HTMLDivElement, HTMLDivElement>({
    get count() {
      return count();
    },
    getScrollElement: () => scroller() ?? null,
    estimateSize: () => ROW_HEIGHT[density()],
    overscan: OVERSCAN,
    initialOffset: readScroll(),
  });
  createEffect(on(density, () => virtualizer.measure(), { defer: true }));
  return virtualizer;
}

/** The columns that the table has room for, and the tracks of its grid. */
function createColumns<Row>(table: DataTableProps<Row>, scroller: Accessor<HTMLElement | undefined>) {
  const width = createWidth(scroller);
  const columns = createMemo(() =>
    table.columns.filter(({ from = 0, below = Infinity }) => from <= width() && width() < below),
  );
  const tracks = () =>
    columns()
      .map((column) => column.width)
      .join(" ");
  return { columns, tracks };
}

function TableFoot(props: { waiting: number; isLoadingMore: boolean; onShow: () => void }): JSX.Element {
  return (
    <div class="table-foot">
      <Show when={props.waiting > 0}>
        <button type="button" class="table-waiting" onClick={() => props.onShow()}>
          {props.waiting} new: show
        </button>
      </Show>
      <Show when={props.isLoadingMore}>
        <span class="table-more">Loading more</span>
      </Show>
    </div>
  );
}

interface RowMoves<Row> {
  table: DataTableProps<Row>;
  rows: Accessor<readonly Row[]>;
  scroller: Accessor<HTMLElement | undefined>;
  scrollTo: (index: number) => void;
}

/** Moves a focus through the rows by keys; where a row's detail is open, the detail follows. */
function createRowMoves<Row>(moves: RowMoves<Row>): [Accessor<number>, (index: number) => void] {
  const navigate = useNavigate();
  const [active, setActive] = createSignal(0);
  let isFocusing = false;
  /** Rows far away are drawn some frames after the table was scrolled to them. */
  const focusWhenDrawn = (index: number, frames: number): void => {
    const link = moves.scroller()?.querySelector<HTMLElement>(`[data-index="${index}"] .row-link`);
    link?.focus();
    isFocusing = link === null && frames > 0 && index === active();
    if (isFocusing) requestAnimationFrame(() => focusWhenDrawn(index, frames - 1));
  };
  const focusRow = (index: number): void => {
    const row = moves.rows()[index];
    if (row === undefined) return;
    setActive(index);
    moves.scrollTo(index);
    isFocusing = true;
    requestAnimationFrame(() => focusWhenDrawn(index, MOST_FRAMES));
    if (moves.table.selectedKey !== undefined) navigate(moves.table.hrefOf(row), { replace: true, scroll: false });
  };
  const returnFocus = (selected: string | undefined, before: string | undefined): void => {
    if (selected !== undefined || before === undefined) return;
    focusRow(moves.rows().findIndex((row) => moves.table.keyOf(row) === before));
  };
  createEffect(on(() => moves.table.selectedKey, returnFocus));
  const move = (step: number): void => {
    const isInside =
      isFocusing ||
      moves.scroller()?.contains(document.activeElement) === true ||
      moves.table.selectedKey !== undefined;
    focusRow(isInside ? Math.min(moves.rows().length - 1, Math.max(0, active() + step)) : active());
  };
  createKey("ArrowUp", "Previous row", () => move(-1));
  createKey("ArrowDown", "Next row", () => move(1));
  createKey("k", "Previous row", () => move(-1));
  createKey("j", "Next row", () => move(1));
  return [active, setActive];
}

function createWidth(element: Accessor<HTMLElement | undefined>): Accessor<number> {
  const [width, setWidth] = createSignal(innerWidth);
  createEffect(() => {
    const observed = element();
    if (observed === undefined) return;
    setWidth(observed.clientWidth);
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth));
    observer.observe(observed);
    onCleanup(() => observer.disconnect());
  });
  return width;
}

/** Asks for the next page as soon as few rows are left below those in sight. */
function createPaging<Row>(table: DataTableProps<Row>, rowsLeft: Accessor<number>): void {
  createEffect(() => {
    if (rowsLeft() < MORE_BEFORE_END && table.hasMore === true && table.isLoadingMore !== true) table.onMore?.();
  });
}
