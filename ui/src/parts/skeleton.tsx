import { For, type JSX } from "solid-js";
import "./skeleton.css";

/** Lines where text will be; each of the widths is a share of the whole, in percent. */
export function SkeletonLines(props: { widths: readonly number[]; height?: number }): JSX.Element {
  return (
    <div class="skeleton-lines" aria-hidden="true">
      <For each={props.widths}>
        {(width) => <div class="skeleton" style={{ width: `${width}%`, height: `${props.height ?? 12}px` }} />}
      </For>
    </div>
  );
}

const ROW_WIDTHS = [62, 48, 71, 55, 66, 44, 58, 69, 51, 63];

/** Rows where a table will be, of the table's own height. */
export function SkeletonRows(props: { count: number }): JSX.Element {
  return (
    <div class="skeleton-rows" role="status" aria-label="Loading">
      <For each={Array.from({ length: props.count }, (_, index) => ROW_WIDTHS[index % ROW_WIDTHS.length] ?? 60)}>
        {(width) => (
          <div class="skeleton-row">
            <div class="skeleton" style={{ width: `${width / 2}%` }} />
            <div class="skeleton" style={{ width: `${width / 3}%` }} />
            <div class="skeleton short" />
          </div>
        )}
      </For>
    </div>
  );
}

/** A block of a known height where a figure, a chart or a panel will be. */
export function SkeletonBlock(props: { height: number }): JSX.Element {
  return <div class="skeleton" role="status" aria-label="Loading" style={{ height: `${props.height}px` }} />;
}
