import { crc32 } from "node:zlib";

/**
 * A frame holds rows of one table:
 * magic 4 · length of the rest 4 · CRC-32 of the rest 4 · table 1 · rows 4 · first position 8 · synced 8 · packed columns.
 * `synced` is the size up to which its file was known to be on disk before this frame was written. It tells a torn tail
 * (nobody was told that it is stored) from damage (somebody was).
 */
export interface Frame {
  /** Index into the segment's list of tables. */
  table: number;
  rows: number;
  firstPosition: number;
  synced: number;
  columns: Buffer;
}

export const FRAME_HEADER_BYTES = 33;
const PREFIX_BYTES = 12;
const MAGIC = Buffer.from("TLF1");
const CRC_AT = 8;

/** The header of a frame whose packed columns are `columns`. */
export function toFrameHeader(frame: Frame): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(FRAME_HEADER_BYTES - PREFIX_BYTES + frame.columns.length, 4);
  header.writeUInt8(frame.table, 12);
  header.writeUInt32LE(frame.rows, 13);
  header.writeBigUInt64LE(BigInt(frame.firstPosition), 17);
  header.writeBigUInt64LE(BigInt(frame.synced), 25);
  header.writeUInt32LE(crc32(frame.columns, crc32(header.subarray(PREFIX_BYTES))), CRC_AT);
  return header;
}

/** The frame at an offset and where the next one begins; undefined when there is no whole and sound frame. */
export function readFrame(bytes: Buffer, at: number): { frame: Frame; next: number } | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length || !bytes.subarray(at, at + 4).equals(MAGIC)) return undefined;
  const next = at + PREFIX_BYTES + bytes.readUInt32LE(at + 4);
  if (next > bytes.length || next < at + FRAME_HEADER_BYTES) return undefined;
  if (crc32(bytes.subarray(at + PREFIX_BYTES, next)) !== bytes.readUInt32LE(at + CRC_AT)) return undefined;
  const frame: Frame = {
    table: bytes.readUInt8(at + 12),
    rows: bytes.readUInt32LE(at + 13),
    firstPosition: Number(bytes.readBigUInt64LE(at + 17)),
    synced: Number(bytes.readBigUInt64LE(at + 25)),
    columns: bytes.subarray(at + FRAME_HEADER_BYTES, next),
  };
  return { frame, next };
}

/** The first sound frame at or behind an offset; undefined when there is none. */
export function findFrame(bytes: Buffer, from: number): { frame: Frame; at: number } | undefined {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    const found = readFrame(bytes, at);
    if (found) return { frame: found.frame, at };
  }
  return undefined;
}
