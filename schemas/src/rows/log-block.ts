import type { Column } from "../clickhouse/column.ts";
import { clearColumn } from "../clickhouse/column.ts";
import { sizeOfColumn } from "../clickhouse/packed-column.ts";

/** The tables that the write-ahead log feeds, in the order in which a batch writes them. */
export const LOG_TABLES = ["events", "quarantine", "otel_traces", "otel_logs"] as const;
export type LogTable = (typeof LOG_TABLES)[number];

/** Whether a table says of each row where it stands in its log (columns `log` and `position`). */
export const IS_POSITIONED: Record<LogTable, boolean> = {
  events: true,
  quarantine: true,
  otel_traces: false,
  otel_logs: false,
};

/** Rows of one table, column by column, on their way into the log. */
export interface LogBlock<C extends Record<string, Column> = Record<string, Column>> {
  table: LogTable;
  columns: C;
  rows: number;
}

export function createLogBlock<C extends Record<string, Column>>(table: LogTable, columns: C): LogBlock<C> {
  return { table, columns, rows: 0 };
}

export function clearLogBlock(block: LogBlock): void {
  block.rows = 0;
  for (const column of Object.values(block.columns)) clearColumn(column);
}

export function sizeOfLogBlock(block: LogBlock): number {
  return Object.values(block.columns).reduce((sum, column) => sum + sizeOfColumn(column), 0);
}
