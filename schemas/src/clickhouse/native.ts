import { AppError } from "../error.ts";
import {
  type ByteBuffer,
  appendByte,
  appendBytes,
  appendInt64,
  appendText,
  appendUint16,
  appendUint32,
  appendVarint,
} from "./byte-buffer.ts";
import { type Column } from "./column.ts";
import { type PackedColumn, widthOfKeys } from "./packed-column.ts";

/** A column of a block: its parts follow one another. `shape` says its type; what it holds does not matter. */
export interface NativeColumn {
  name: string;
  shape: Column;
  parts: readonly PackedColumn[];
}

/** The only version of dictionaries that the format knows. */
const DICTIONARY_VERSION = 1;
/** The block brings its own words, and no earlier block's words count. */
const DICTIONARY_FLAGS = 0x600;
const KEY_TYPES = { 1: 0, 2: 1, 4: 2 } as const;

/**
 * Appends one block of the engine's Native format, as revision 0 of the protocol has it over HTTP:
 * counts of columns and rows, then for each column its name, its type and its values.
 */
export function appendNativeBlock(out: ByteBuffer, rows: number, columns: readonly NativeColumn[]): void {
  appendVarint(out, columns.length);
  appendVarint(out, rows);
  for (const { name, shape, parts } of columns) {
    appendText(out, name);
    appendText(out, shape.type);
    if (rows === 0) continue;
    appendPrefix(out, shape);
    appendValues(out, shape, parts);
  }
}

/** Versions of nested dictionaries stand before all values of a column. */
function appendPrefix(out: ByteBuffer, shape: Column) {
  switch (shape.kind) {
    case "word":
      return appendInt64(out, DICTIONARY_VERSION);
    case "array":
    case "nullable":
      return appendPrefix(out, shape.items);
    case "map":
      appendPrefix(out, shape.keys);
      return appendPrefix(out, shape.values);
    case "text":
    case "fixed":
  }
}

function appendValues(out: ByteBuffer, shape: Column, parts: readonly PackedColumn[]) {
  switch (shape.kind) {
    case "text":
    case "fixed":
      for (const part of parts) appendBytes(out, expectKind(part, shape.kind).data);
      return;
    case "word":
      return appendWords(
        out,
        parts.map((part) => expectKind(part, "word")),
      );
    case "array": {
      const arrays = parts.map((part) => expectKind(part, "array"));
      appendOffsets(out, arrays);
      return appendValues(
        out,
        shape.items,
        arrays.map((part) => part.items),
      );
    }
    case "map": {
      const maps = parts.map((part) => expectKind(part, "map"));
      appendOffsets(out, maps);
      appendValues(
        out,
        shape.keys,
        maps.map((part) => part.keys),
      );
      return appendValues(
        out,
        shape.values,
        maps.map((part) => part.values),
      );
    }
    case "nullable": {
      const nullables = parts.map((part) => expectKind(part, "nullable"));
      for (const part of nullables) appendBytes(out, part.nulls);
      return appendValues(
        out,
        shape.items,
        nullables.map((part) => part.items),
      );
    }
  }
}

/** Where each row's items end, counted over all parts. */
function appendOffsets(out: ByteBuffer, parts: readonly { sizes: Buffer }[]) {
  let offset = 0;
  for (const { sizes } of parts) {
    for (let at = 0; at < sizes.length; at += 4) {
      offset += sizes.readUInt32LE(at);
      appendInt64(out, offset);
    }
  }
}

type PackedWords = Extract<PackedColumn, { kind: "word" }>;

function appendWords(out: ByteBuffer, parts: readonly PackedWords[]) {
  const rows = parts.reduce((sum, part) => sum + part.keys.length / part.keyWidth, 0);
  if (rows === 0) return;
  const { words, renumberings } = mergeDictionaries(parts);
  const width = widthOfKeys(words.length);
  appendInt64(out, DICTIONARY_FLAGS + KEY_TYPES[width]);
  appendInt64(out, words.length);
  for (const word of words) appendBytes(out, word);
  appendInt64(out, rows);
  parts.forEach((part, index) => appendKeys(out, part, { numbers: renumberings[index], width }));
}

function appendKeys(out: ByteBuffer, part: PackedWords, to: { numbers: Uint32Array | undefined; width: 1 | 2 | 4 }) {
  const { keys, keyWidth } = part;
  for (let at = 0; at < keys.length; at += keyWidth) {
    const number = to.numbers?.[keys.readUIntLE(at, keyWidth)] ?? 0;
    if (to.width === 1) appendByte(out, number);
    else if (to.width === 2) appendUint16(out, number);
    else appendUint32(out, number);
  }
}

/** The words of all parts, each once with its length before it, and for each part the new number of each of its words. */
function mergeDictionaries(parts: readonly PackedWords[]) {
  const numbers = new Map<string, number>();
  const words: Buffer[] = [];
  const renumberings = parts.map((part) => {
    const renumbering = new Uint32Array(part.wordCount);
    splitWords(part.words).forEach((word, index) => {
      const text = word.toString("latin1");
      let number = numbers.get(text);
      if (number === undefined) {
        number = words.length;
        numbers.set(text, number);
        words.push(word);
      }
      renumbering[index] = number;
    });
    return renumbering;
  });
  return { words, renumberings };
}

function splitWords(bytes: Buffer): Buffer[] {
  const words: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    let shift = 1;
    let next = at;
    for (let byte = 128; byte >= 128; shift *= 128) {
      byte = bytes.readUInt8(next++);
      length += (byte % 128) * shift;
    }
    words.push(bytes.subarray(at, next + length));
    at = next + length;
  }
  return words;
}

function expectKind<K extends PackedColumn["kind"]>(part: PackedColumn, kind: K): Extract<PackedColumn, { kind: K }> {
  if (isKind(part, kind)) return part;
  throw new AppError("internal", `A packed column is of kind ${part.kind} where ${kind} was expected.`);
}

function isKind<K extends PackedColumn["kind"]>(
  part: PackedColumn,
  kind: K,
): part is Extract<PackedColumn, { kind: K }> {
  return part.kind === kind;
}
