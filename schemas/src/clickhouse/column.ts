import { AppError } from "../error.ts";
import { type ByteBuffer, appendText, createByteBuffer } from "./byte-buffer.ts";

/** A column under construction. Its bytes are laid out as the engine's Native format wants them, but for dictionaries and sizes. */
export type Column = TextColumn | WordColumn | FixedColumn | ArrayColumn | MapColumn | NullableColumn;

/** `String`: each value after its length. */
export interface TextColumn {
  kind: "text";
  type: "String";
  data: ByteBuffer;
}

/** `LowCardinality(String)`: each word once, and for each row the number of its word. */
export interface WordColumn {
  kind: "word";
  type: "LowCardinality(String)";
  numbers: Map<string, number>;
  words: ByteBuffer;
  keys: Uint32Array;
  count: number;
}

/** Values that all have the same width: numbers, times, `FixedString`. */
export interface FixedColumn {
  kind: "fixed";
  type: string;
  width: number;
  data: ByteBuffer;
}

/** `sizes` holds the number of items of each row, 4 bytes each. */
export interface ArrayColumn<C extends Column = Column> {
  kind: "array";
  type: string;
  sizes: ByteBuffer;
  items: C;
}

export interface MapColumn<K extends Column = Column, V extends Column = Column> {
  kind: "map";
  type: string;
  sizes: ByteBuffer;
  keys: K;
  values: V;
}

/** `nulls` holds a byte for each row, 1 where it is null; `items` has a default value there. */
export interface NullableColumn<C extends Column = Column> {
  kind: "nullable";
  type: string;
  nulls: ByteBuffer;
  items: C;
}

const WIDTHS: Record<string, number> = {
  UInt8: 1,
  Int8: 1,
  Bool: 1,
  UInt16: 2,
  Int16: 2,
  UInt32: 4,
  Int32: 4,
  DateTime: 4,
  UInt64: 8,
  Int64: 8,
  Float64: 8,
  DateTime64: 8,
};

export function createTextColumn(): TextColumn {
  return { kind: "text", type: "String", data: createByteBuffer() };
}

export function createWordColumn(): WordColumn {
  return {
    kind: "word",
    type: "LowCardinality(String)",
    numbers: new Map(),
    words: createByteBuffer(256),
    keys: new Uint32Array(256),
    count: 0,
  };
}

export function createFixedColumn(type: string): FixedColumn {
  return { kind: "fixed", type, width: widthOf(type), data: createByteBuffer() };
}

export function createArrayColumn<C extends Column>(items: C): ArrayColumn<C> {
  return { kind: "array", type: `Array(${items.type})`, sizes: createByteBuffer(256), items };
}

export function createMapColumn<K extends Column, V extends Column>(keys: K, values: V): MapColumn<K, V> {
  return { kind: "map", type: `Map(${keys.type}, ${values.type})`, sizes: createByteBuffer(256), keys, values };
}

export function createNullableColumn<C extends Column>(items: C): NullableColumn<C> {
  return { kind: "nullable", type: `Nullable(${items.type})`, nulls: createByteBuffer(256), items };
}

/** The column of a type as the engine writes it. Throws `invalid_configuration` for a type that is not known here. */
export function createColumn(type: string): Column {
  const [, name = "", inner = ""] = /^(\w+)(?:\((.*)\))?$/s.exec(type.trim()) ?? [];
  if (name === "String") return createTextColumn();
  if (name === "LowCardinality" && inner === "String") return createWordColumn();
  if (name === "Nullable") return createNullableColumn(createColumn(inner));
  if (name === "Array") return createArrayColumn(createColumn(inner));
  if (name === "Map") {
    const [keys = "", values = ""] = splitArguments(inner);
    return createMapColumn(createColumn(keys), createColumn(values));
  }
  return createFixedColumn(type.trim());
}

/** Appends a word to its dictionary, at most 2^32 different ones. */
export function appendWord(column: WordColumn, word: string): void {
  let key = column.numbers.get(word);
  if (key === undefined) {
    key = column.numbers.size;
    column.numbers.set(word, key);
    appendText(column.words, word);
  }
  if (column.count === column.keys.length) {
    const grown = new Uint32Array(column.keys.length * 2);
    grown.set(column.keys);
    column.keys = grown;
  }
  column.keys[column.count++] = key;
}

/** Empties a column for reuse; its memory is kept. */
export function clearColumn(column: Column): void {
  switch (column.kind) {
    case "text":
    case "fixed":
      column.data.size = 0;
      return;
    case "word":
      column.numbers.clear();
      column.words.size = 0;
      column.count = 0;
      return;
    case "array":
      column.sizes.size = 0;
      return clearColumn(column.items);
    case "map":
      column.sizes.size = 0;
      clearColumn(column.keys);
      return clearColumn(column.values);
    case "nullable":
      column.nulls.size = 0;
      return clearColumn(column.items);
  }
}

function widthOf(type: string): number {
  const fixed = /^FixedString\((\d+)\)$/.exec(type);
  const width = fixed ? Number(fixed[1]) : WIDTHS[/^\w+/.exec(type)?.[0] ?? ""];
  if (width === undefined) throw new AppError("invalid_configuration", `Columns of type ${type} cannot be encoded.`);
  return width;
}

/** The two arguments of a type such as `Map(String, Array(Tuple(…)))`, split at the comma that is outside all brackets. */
function splitArguments(inner: string): string[] {
  let depth = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === "(") depth++;
    else if (inner[at] === ")") depth--;
    else if (inner[at] === "," && depth === 0) return [inner.slice(0, at), inner.slice(at + 1)];
  }
  return [inner];
}
