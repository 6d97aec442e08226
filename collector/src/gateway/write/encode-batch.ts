import {
  type ByteBuffer,
  appendInt64,
  appendText,
  createByteBuffer,
  toBytes,
} from "@throughline/schemas/clickhouse/byte-buffer";
import { createColumn, createWordColumn } from "@throughline/schemas/clickhouse/column";
import { type NativeColumn, appendNativeBlock } from "@throughline/schemas/clickhouse/native";
import { type PackedColumn, unpackColumn } from "@throughline/schemas/clickhouse/packed-column";
import type { Frame } from "../log/frame.ts";
import type { TableLayout } from "../log/segment.ts";

/** All rows of one table in a batch, as one block of the engine's Native format. */
export interface TableBlock {
  table: string;
  rows: number;
  block: Buffer;
}

const SPARE_BYTES = 64 * 1024;

/** One block for each table that has rows among the frames. Nothing is decoded: columns are laid end to end. */
export function encodeBatch(log: string, tables: readonly TableLayout[], frames: readonly Frame[]): TableBlock[] {
  return tables.flatMap((layout, index) => {
    const own = frames.filter((frame) => frame.table === index);
    return own.length === 0 ? [] : [encodeTable(log, layout, own)];
  });
}

function encodeTable(log: string, layout: TableLayout, frames: readonly Frame[]): TableBlock {
  const rows = frames.reduce((sum, frame) => sum + frame.rows, 0);
  const sizeBytes = frames.reduce((sum, frame) => sum + frame.columns.length, 0);
  const columns = layout.columns.map(([name, type]) => ({ name, shape: createColumn(type) }));
  const parts = columns.map((): PackedColumn[] => []);
  for (const frame of frames) {
    const cursor = { bytes: frame.columns, at: 0 };
    columns.forEach(({ shape }, index) => parts[index]?.push(unpackColumn(cursor, shape)));
  }
  const filled = columns.map(({ name, shape }, index) => ({ name, shape, parts: parts[index] ?? [] }));
  const placed = layout.isPositioned ? [...toPlace(log, frames, rows), ...filled] : filled;
  const out = createByteBuffer(sizeBytes + rows * 128 + SPARE_BYTES);
  appendNativeBlock(out, rows, placed);
  return { table: layout.name, rows, block: toBytes(out) };
}

/** The columns that say where each row stands in its log. */
function toPlace(log: string, frames: readonly Frame[], rows: number): NativeColumn[] {
  const words = createByteBuffer(64);
  appendText(words, log);
  const name: PackedColumn = {
    kind: "word",
    words: toBytes(words),
    wordCount: 1,
    keys: Buffer.alloc(rows),
    keyWidth: 1,
  };
  const positions: ByteBuffer = createByteBuffer(rows * 8);
  for (const frame of frames)
    for (let row = 0; row < frame.rows; row++) appendInt64(positions, frame.firstPosition + row);
  return [
    { name: "log", shape: createWordColumn(), parts: [name] },
    { name: "position", shape: createColumn("UInt64"), parts: [{ kind: "fixed", data: toBytes(positions) }] },
  ];
}
