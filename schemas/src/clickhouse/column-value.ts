import { AppError } from "../error.ts";
import {
  appendBigInt64,
  appendByte,
  appendBytes,
  appendFloat64,
  appendInt64,
  appendText,
  appendUint16,
  appendUint32,
} from "./byte-buffer.ts";
import { type Column, type FixedColumn, appendWord } from "./column.ts";

/**
 * A value of any column: whole numbers as number or bigint, times as Date or as the number of ticks, `FixedString` as
 * bytes, maps as Map.
 */
export type ColumnValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly ColumnValue[]
  | ReadonlyMap<string, ColumnValue>;

const NULL_ITEM = { text: "", word: "", fixed: 0, array: [], map: new Map(), nullable: null } as const;

/** Appends a value of any kind. Throws `internal` when it is not of the column's type. Row encoders do the same faster. */
export function appendValue(column: Column, value: ColumnValue): void {
  switch (column.kind) {
    case "text":
      return appendText(column.data, expectText(value));
    case "word":
      return appendWord(column, expectText(value));
    case "fixed":
      return appendFixed(column, value);
    case "array": {
      if (!Array.isArray(value)) throw toMismatch(column, value);
      appendUint32(column.sizes, value.length);
      for (const item of value) appendValue(column.items, item);
      return;
    }
    case "map": {
      if (!(value instanceof Map)) throw toMismatch(column, value);
      appendUint32(column.sizes, value.size);
      for (const [key, item] of value) {
        appendValue(column.keys, key);
        appendValue(column.values, item);
      }
      return;
    }
    case "nullable":
      appendByte(column.nulls, value === null ? 1 : 0);
      return appendValue(column.items, value === null ? nullItemOf(column.items) : value);
  }
}

function nullItemOf(column: Column): ColumnValue {
  if (column.kind === "fixed" && column.type.startsWith("FixedString")) return new Uint8Array(column.width);
  return NULL_ITEM[column.kind];
}

function appendFixed(column: FixedColumn, value: ColumnValue) {
  if (value instanceof Uint8Array) {
    if (value.length !== column.width) throw toMismatch(column, value);
    return appendBytes(column.data, value);
  }
  const number = toNumber(column, value);
  if (column.type === "Float64") return appendFloat64(column.data, Number(number));
  if (column.width === 8 && typeof number === "bigint") return appendBigInt64(column.data, number);
  if (column.width === 8) return appendInt64(column.data, Number(number));
  if (column.width === 4) return appendUint32(column.data, Number(number));
  return column.width === 2
    ? appendUint16(column.data, Number(number) & 0xffff)
    : appendByte(column.data, Number(number) & 0xff);
}

function toNumber(column: FixedColumn, value: ColumnValue): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (!(value instanceof Date)) throw toMismatch(column, value);
  return column.width === 4 ? Math.floor(value.getTime() / 1000) : value.getTime();
}

function expectText(value: ColumnValue): string {
  if (typeof value === "string") return value;
  throw new AppError("internal", `A column of text cannot take a ${typeof value}.`);
}

function toMismatch(column: Column, value: ColumnValue): AppError {
  return new AppError("internal", `A column of type ${column.type} cannot take a ${typeof value}.`);
}
