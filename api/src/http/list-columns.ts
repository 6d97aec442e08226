import { parquetWriteBuffer } from "hyparquet-writer";

/** A column of a list's table form. Times are RFC 3339 text in CSV and timestamps in Parquet. */
export type Column<Item> =
  | { name: string; kind: "text" | "time"; read: (item: Item) => string | null }
  | { name: string; kind: "integer"; read: (item: Item) => number | null }
  | { name: string; kind: "number"; read: (item: Item) => number | null };

const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** The header of a CSV file as RFC 4180 has it. */
export function toCsvHeader<Item>(columns: readonly Column<Item>[]): string {
  return `${columns.map(({ name }) => toCsvCell(name)).join(",")}\r\n`;
}

export function toCsvRow<Item>(columns: readonly Column<Item>[], item: Item): string {
  return `${columns.map(({ read }) => toCsvCell(read(item))).join(",")}\r\n`;
}

/**
 * A cell of CSV. Text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return, and
 * is no plain number) gets an apostrophe in front.
 */
export function toCsvCell(value: string | number | null): string {
  const text = String(value ?? "");
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The whole list as a Parquet file. */
export function toParquet<Item>(columns: readonly Column<Item>[], items: readonly Item[]): ArrayBuffer {
  return parquetWriteBuffer({ columnData: columns.map((column) => toColumnData(column, items)) });
}

function toColumnData<Item>(column: Column<Item>, items: readonly Item[]) {
  const { name } = column;
  if (column.kind === "text") return { name, type: "STRING" as const, nullable: true, data: items.map(column.read) };
  if (column.kind === "number") return { name, type: "DOUBLE" as const, nullable: true, data: items.map(column.read) };
  if (column.kind === "integer") {
    const data = items.map(column.read).map((value) => (value === null ? null : BigInt(value)));
    return { name, type: "INT64" as const, nullable: true, data };
  }
  const data = items.map(column.read).map((value) => (value === null ? null : new Date(value)));
  return { name, type: "TIMESTAMP" as const, nullable: true, data };
}
