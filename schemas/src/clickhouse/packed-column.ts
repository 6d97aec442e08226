import { AppError } from "../error.ts";
import { type ByteBuffer, appendByte, appendBytes, appendUint16, appendUint32, toBytes } from "./byte-buffer.ts";
import type { Column, WordColumn } from "./column.ts";

/** A column as it lies in the write-ahead log: views of the log's bytes, nothing decoded. */
export type PackedColumn =
  | { kind: "text" | "fixed"; data: Buffer }
  | { kind: "word"; words: Buffer; wordCount: number; keys: Buffer; keyWidth: number }
  | { kind: "array"; sizes: Buffer; items: PackedColumn }
  | { kind: "map"; sizes: Buffer; keys: PackedColumn; values: PackedColumn }
  | { kind: "nullable"; nulls: Buffer; items: PackedColumn };

/** Where the next packed column begins. */
export interface Cursor {
  bytes: Buffer;
  at: number;
}

/** Appends a column so that `unpackColumn`, told the same type, finds its parts again. */
export function packColumn(out: ByteBuffer, column: Column): void {
  switch (column.kind) {
    case "text":
    case "fixed":
      return packBytes(out, column.data);
    case "word":
      return packWords(out, column);
    case "array":
      packBytes(out, column.sizes);
      return packColumn(out, column.items);
    case "map":
      packBytes(out, column.sizes);
      packColumn(out, column.keys);
      return packColumn(out, column.values);
    case "nullable":
      packBytes(out, column.nulls);
      return packColumn(out, column.items);
  }
}

/** Bytes that a column takes when packed, but for a few bytes of lengths. */
export function sizeOfColumn(column: Column): number {
  switch (column.kind) {
    case "text":
    case "fixed":
      return column.data.size;
    case "word":
      return column.words.size + column.count * widthOfKeys(column.numbers.size);
    case "array":
      return column.sizes.size + sizeOfColumn(column.items);
    case "map":
      return column.sizes.size + sizeOfColumn(column.keys) + sizeOfColumn(column.values);
    case "nullable":
  }
  return column.nulls.size + sizeOfColumn(column.items);
}

/** Reads the column of this shape at the cursor and moves behind it. Throws `internal` when the bytes end before it does. */
export function unpackColumn(cursor: Cursor, shape: Column): PackedColumn {
  switch (shape.kind) {
    case "text":
    case "fixed":
      return { kind: shape.kind, data: unpackBytes(cursor) };
    case "word":
      return unpackWords(cursor);
    case "array":
      return { kind: "array", sizes: unpackBytes(cursor), items: unpackColumn(cursor, shape.items) };
    case "map": {
      const sizes = unpackBytes(cursor);
      const keys = unpackColumn(cursor, shape.keys);
      return { kind: "map", sizes, keys, values: unpackColumn(cursor, shape.values) };
    }
    case "nullable":
  }
  return { kind: "nullable", nulls: unpackBytes(cursor), items: unpackColumn(cursor, shape.items) };
}

function packBytes(out: ByteBuffer, part: ByteBuffer) {
  appendUint32(out, part.size);
  appendBytes(out, toBytes(part));
}

function packWords(out: ByteBuffer, column: WordColumn) {
  const wordCount = column.numbers.size;
  appendUint32(out, wordCount);
  packBytes(out, column.words);
  appendUint32(out, column.count);
  const width = widthOfKeys(wordCount);
  const keys = column.keys.subarray(0, column.count);
  if (width === 1) for (const key of keys) appendByte(out, key);
  else if (width === 2) for (const key of keys) appendUint16(out, key);
  else for (const key of keys) appendUint32(out, key);
}

function unpackWords(cursor: Cursor): PackedColumn {
  const wordCount = unpackUint32(cursor);
  const words = unpackBytes(cursor);
  const keyWidth = widthOfKeys(wordCount);
  const keys = take(cursor, unpackUint32(cursor) * keyWidth);
  return { kind: "word", words, wordCount, keys, keyWidth };
}

/** Bytes of a key into a dictionary of so many words. */
export function widthOfKeys(wordCount: number): 1 | 2 | 4 {
  if (wordCount <= 256) return 1;
  return wordCount <= 65_536 ? 2 : 4;
}

function unpackBytes(cursor: Cursor): Buffer {
  return take(cursor, unpackUint32(cursor));
}

function unpackUint32(cursor: Cursor): number {
  return take(cursor, 4).readUInt32LE(0);
}

function take(cursor: Cursor, count: number): Buffer {
  const end = cursor.at + count;
  if (end > cursor.bytes.length) throw new AppError("internal", "A packed column ends before its length says.");
  const part = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return part;
}
