import { AppError } from "@throughline/schemas/error";

/** A place in a protobuf message that ends at `end`. */
export interface ProtoReader {
  bytes: Buffer;
  at: number;
  end: number;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;
const SHORT_TEXT = 24;

export function openProto(bytes: Buffer): ProtoReader {
  return { bytes, at: 0, end: bytes.length };
}

/** The next field's tag, `number * 8 + wire type`; 0 at the end of the message. */
export function readTag(reader: ProtoReader): number {
  if (reader.at >= reader.end) return 0;
  const tag = readVarint(reader);
  if (tag < 8) throw toMalformed(reader, "a field without a number");
  return tag;
}

/** A whole number; exact up to 2^53. */
export function readVarint(reader: ProtoReader): number {
  const { bytes } = reader;
  let value = 0;
  let scale = 1;
  for (let count = 0; count < MAX_VARINT_BYTES; count++) {
    if (reader.at >= reader.end) throw toMalformed(reader, "it ends within a number");
    const byte = bytes[reader.at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  throw toMalformed(reader, "a number is too long");
}

/** An `int64`, exact. */
export function readInt64(reader: ProtoReader): bigint {
  const start = reader.at;
  const value = readVarint(reader);
  if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
  let exact = 0n;
  for (let at = reader.at - 1; at >= start; at--) exact = (exact << 7n) | BigInt((reader.bytes[at] ?? 0) & 127);
  return BigInt.asIntN(64, exact);
}

export function readFixed64(reader: ProtoReader): bigint {
  const at = advance(reader, 8);
  return reader.bytes.readBigUInt64LE(at);
}

export function readDouble(reader: ProtoReader): number {
  const at = advance(reader, 8);
  return reader.bytes.readDoubleLE(at);
}

export function readFixed32(reader: ProtoReader): number {
  const at = advance(reader, 4);
  return reader.bytes.readUInt32LE(at);
}

/** Where the bytes of a length-delimited field end; the reader stands at their first. */
export function readEnd(reader: ProtoReader): number {
  const length = readVarint(reader);
  const end = reader.at + length;
  if (end > reader.end) throw toMalformed(reader, `a field of ${length} bytes ends behind its message`);
  return end;
}

export function readBytes(reader: ProtoReader): Buffer {
  const end = readEnd(reader);
  const bytes = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return bytes;
}

/** Text; what is not UTF-8 becomes U+FFFD. */
export function readText(reader: ProtoReader): string {
  const end = readEnd(reader);
  const { bytes, at } = reader;
  reader.at = end;
  if (end - at <= SHORT_TEXT) {
    let text = "";
    let next = at;
    for (; next < end; next++) {
      const code = bytes[next] ?? 0;
      if (code > 127) break;
      text += String.fromCharCode(code);
    }
    if (next === end) return text;
  }
  return bytes.toString("utf8", at, end);
}

export function readHex(reader: ProtoReader): string {
  const end = readEnd(reader);
  const text = reader.bytes.toString("hex", reader.at, end);
  reader.at = end;
  return text;
}

/** Calls `visit` for each field of the message that starts here and ends at `end`. */
export function readMessage(reader: ProtoReader, visit: (tag: number, reader: ProtoReader) => void): void {
  const end = readEnd(reader);
  const inner = { bytes: reader.bytes, at: reader.at, end };
  for (let tag = readTag(inner); tag !== 0; tag = readTag(inner)) visit(tag, inner);
  reader.at = end;
}

/** Moves over a field that is not known here. */
export function skipField(reader: ProtoReader, tag: number): void {
  const wireType = tag % 8;
  if (wireType === VARINT) readVarint(reader);
  else if (wireType === FIXED64) advance(reader, 8);
  else if (wireType === LENGTH) reader.at = readEnd(reader);
  else if (wireType === FIXED32) advance(reader, 4);
  else throw toMalformed(reader, `wire type ${wireType} is not known`);
}

function advance(reader: ProtoReader, count: number): number {
  const { at } = reader;
  if (at + count > reader.end) throw toMalformed(reader, "it ends within a number");
  reader.at = at + count;
  return at;
}

export function toMalformed(reader: ProtoReader, what: string): AppError {
  const message = `is not the protobuf message that it should be: at byte ${reader.at} ${what}`;
  return new AppError("invalid_request", `The body ${message}.`, { issues: [{ path: "", message }] });
}
