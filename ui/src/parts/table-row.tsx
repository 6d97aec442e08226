import { A } from "@solidjs/router";
import { For, type JSX, Show, createEffect, createMemo, createSignal, on } from "solid-js";
import type { Column, DataTableProps } from "./table-types.ts";

interface TableRowProps<Row> {
  table: DataTableProps<Row>;
  columns: readonly Column<Row>[];
  row: Row | undefined;
  index: number;
  top: number;
  isGone: boolean;
  isTabStop: boolean;
  onActive: () => void;
}

/** One row in sight. It is drawn anew only when its content changes, and flashes once then. */
export function TableRow<Row>(props: TableRowProps<Row>): JSX.Element {
  const [isFlashing, setFlashing] = createSignal(false);
  const keyOf = (row: Row | undefined): string => (row === undefined ? "" : props.table.keyOf(row));
  const isSame = (a: Row | undefined, b: Row | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    keyOf(a) === keyOf(b) &&
    props.table.versionOf(a) === props.table.versionOf(b);
  const row = createMemo(() => props.row, undefined, { equals: isSame });
  const flashWhenChanged = (next: Row | undefined, before: Row | undefined): void => {
    if (before !== undefined && keyOf(next) === keyOf(before)) setFlashing(true);
  };
  createEffect(on(row, flashWhenChanged, { defer: true }));
  return (
    <Show when={row()}>
      {(present) => (
        <div
          class="table-row"
          classList={{ flashing: isFlashing(), gone: props.isGone }}
          role="row"
          aria-rowindex={props.index + 2}
          aria-selected={props.table.selectedKey === keyOf(present())}
          data-index={props.index}
          style={{ transform: `translateY(${props.top}px)` }}
          onAnimationEnd={() => setFlashing(false)}
          onFocusIn={() => props.onActive()}
        >
          <For each={props.columns}>
            {(column, position) => (
              <div class="table-cell" role="gridcell" data-align={column.align}>
                <Show when={position() === 0}>
                  <A
                    class="row-link"
                    href={props.table.hrefOf(present())}
                    noScroll
                    tabIndex={props.isTabStop ? 0 : -1}
                    aria-label={props.table.nameOf(present())}
                  />
                </Show>
                {column.cell(present())}
              </div>
            )}
          </For>
        </div>
      )}
    </Show>
  );
}
