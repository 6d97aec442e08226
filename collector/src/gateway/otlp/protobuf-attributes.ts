import { toAttributeText, toDoubleText } from "./fields.ts";
import {
  type ProtoReader,
  readBytes,
  readDouble,
  readEnd,
  readInt64,
  readTag,
  readText,
  readVarint,
  skipField,
  toMalformed,
} from "./protobuf.ts";

const MAX_DEPTH = 32;

/** Reads a `KeyValue` and appends its key and its value as text. */
export function readKeyValue(reader: ProtoReader, pairs: string[]): void {
  const end = readEnd(reader);
  const inner = { bytes: reader.bytes, at: reader.at, end };
  let key = "";
  let value = "";
  let isText = true;
  for (let tag = readTag(inner); tag !== 0; tag = readTag(inner)) {
    if (tag === 10) key = readText(inner);
    else if (tag === 18) {
      const valueEnd = readEnd(inner);
      isText = inner.bytes[inner.at] === 10;
      value = readAnyValue({ bytes: inner.bytes, at: inner.at, end: valueEnd }, { depth: 0, isInJson: false });
      inner.at = valueEnd;
    } else skipField(inner, tag);
  }
  reader.at = end;
  pairs.push(key, toAttributeText(key, value, isText));
}

/**
 * The text of an `AnyValue`, as the OpenTelemetry exporter writes it: text as it is, numbers and truths in words, bytes in
 * base64, arrays and maps as JSON. The reader is at its first field.
 */
export function readAnyValue(reader: ProtoReader, within: { depth: number; isInJson: boolean }): string {
  const { isInJson } = within;
  if (within.depth > MAX_DEPTH) throw toMalformed(reader, `values are nested more than ${MAX_DEPTH} deep`);
  const inside = { depth: within.depth + 1, isInJson: true };
  let text = isInJson ? "null" : "";
  const quote = (value: string) => (isInJson ? JSON.stringify(value) : value);
  for (let tag = readTag(reader); tag !== 0; tag = readTag(reader)) {
    if (tag === 10) text = quote(readText(reader));
    else if (tag === 16) text = readVarint(reader) === 0 ? "false" : "true";
    else if (tag === 24) text = readInt64(reader).toString();
    else if (tag === 33) text = toDoubleText(readDouble(reader), isInJson);
    else if (tag === 42) text = `[${readItems(reader, (item) => readAnyValue(item, inside)).join(",")}]`;
    else if (tag === 50) text = `{${readItems(reader, (item) => readMember(item, inside)).join(",")}}`;
    else if (tag === 58) text = quote(readBytes(reader).toString("base64"));
    else skipField(reader, tag);
  }
  return text;
}

/** The repeated field 1 of a message, each item read from a reader of its own. */
function readItems(reader: ProtoReader, readItem: (item: ProtoReader) => string): string[] {
  const end = readEnd(reader);
  const inner = { bytes: reader.bytes, at: reader.at, end };
  const items: string[] = [];
  for (let tag = readTag(inner); tag !== 0; tag = readTag(inner)) {
    if (tag !== 10) {
      skipField(inner, tag);
      continue;
    }
    const itemEnd = readEnd(inner);
    items.push(readItem({ bytes: inner.bytes, at: inner.at, end: itemEnd }));
    inner.at = itemEnd;
  }
  reader.at = end;
  return items;
}

function readMember(reader: ProtoReader, within: { depth: number; isInJson: boolean }): string {
  let key = "";
  let value = "null";
  for (let tag = readTag(reader); tag !== 0; tag = readTag(reader)) {
    if (tag === 10) key = readText(reader);
    else if (tag === 18) {
      const end = readEnd(reader);
      value = readAnyValue({ bytes: reader.bytes, at: reader.at, end }, within);
      reader.at = end;
    } else skipField(reader, tag);
  }
  return `${JSON.stringify(key)}:${value}`;
}
