import type { JSX } from "solid-js";

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => JSX.Element;
  /** A track of a CSS grid, such as `minmax(160px, 2fr)`. */
  width: string;
  align?: "end";
  /** The table shows this column from this width in pixels on. */
  from?: number;
  /** The table shows this column below this width in pixels only. */
  below?: number;
  /** What to ask the API to sort by; without it the column cannot be sorted by. */
  sort?: string;
}

export interface Sorting {
  by: string;
  isDescending: boolean;
}

export interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  /** Changes when the content of a row does; the row then flashes once. */
  versionOf: (row: Row) => string;
  /** What the row is about, for screen readers. */
  nameOf: (row: Row) => string;
  hrefOf: (row: Row) => string;
  /** The row whose detail is open beside the table. */
  selectedKey?: string | undefined;
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?: () => void;
  sorting?: Sorting | undefined;
  onSort?: (sorting: Sorting) => void;
}
