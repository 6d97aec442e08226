import { For, type JSX, Show } from "solid-js";
import "./plain-table.css";
import "./small-table.css";

export interface SmallColumn<Row> {
  title: string;
  cell: (row: Row) => JSX.Element;
  align?: "end";
  /** Left out where there is little room. */
  isWide?: boolean;
  /** A class of its own for the head and the cells. */
  class?: string;
}

interface SmallTableProps<Row> {
  /** Stands above it; without one the table needs a label. */
  title?: string;
  label?: string;
  /** Beside the title: what can be done with it. */
  actions?: JSX.Element;
  rows: readonly Row[];
  columns: readonly SmallColumn<Row>[];
}

/** A table of few rows inside a page or a drawer; nothing where there are none. What is too wide for its place scrolls. */
export function SmallTable<Row>(props: SmallTableProps<Row>): JSX.Element {
  const classOf = (column: SmallColumn<Row>) => ({
    number: column.align === "end",
    "wide-column": column.isWide === true,
    ...(column.class === undefined ? {} : { [column.class]: true }),
  });
  return (
    <Show when={props.rows.length > 0}>
      <div class="small-table scroller">
        <Show when={props.title}>
          {(title) => (
            <div class="small-table-head">
              <h3>{title()}</h3>
              {props.actions}
            </div>
          )}
        </Show>
        <table class="plain-table" aria-label={props.label ?? props.title}>
          <thead>
            <tr>
              <For each={props.columns}>
                {(column) => (
                  <th scope="col" classList={classOf(column)}>
                    {column.title}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row) => (
                <tr>
                  <For each={props.columns}>{(column) => <td classList={classOf(column)}>{column.cell(row)}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}
