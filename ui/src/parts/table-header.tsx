import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import { For, type JSX, Show } from "solid-js";
import type { Column, Sorting } from "./table-types.ts";

interface TableHeaderProps<Row> {
  columns: readonly Column<Row>[];
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}

/** The titles of a table's columns; those that the API can sort by are buttons. */
export function TableHeader<Row>(props: TableHeaderProps<Row>): JSX.Element {
  return (
    <div class="table-head" role="rowgroup">
      <div class="table-head-row" role="row" aria-rowindex={1}>
        <For each={props.columns}>
          {(column) => (
            <div
              class="table-title"
              role="columnheader"
              data-align={column.align}
              aria-sort={directionOf(column, props.sorting)}
            >
              <Show when={props.onSort !== undefined && column.sort} fallback={column.title}>
                {(by) => <SortButton title={column.title} by={by()} sorting={props.sorting} onSort={props.onSort} />}
              </Show>
            </div>
          )}
        </For>
      </div>
    </div>
  );
}

interface SortButtonProps {
  title: string;
  by: string;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}

function SortButton(props: SortButtonProps): JSX.Element {
  const isSorted = () => props.sorting?.by === props.by;
  const isDescending = () => isSorted() && props.sorting?.isDescending === true;
  return (
    <button
      type="button"
      class="table-sort"
      onClick={() => props.onSort?.({ by: props.by, isDescending: isSorted() && !isDescending() })}
    >
      {props.title}
      <Show when={isSorted()}>
        <Show when={isDescending()} fallback={<ArrowUp size={12} aria-hidden="true" />}>
          <ArrowDown size={12} aria-hidden="true" />
        </Show>
      </Show>
    </button>
  );
}

function directionOf<Row>(column: Column<Row>, sorting: Sorting | undefined): "ascending" | "descending" | undefined {
  if (sorting === undefined || column.sort !== sorting.by) return undefined;
  return sorting.isDescending ? "descending" : "ascending";
}
