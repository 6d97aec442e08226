import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";

/** What the first bytes of a segment say, so that it can be read by a later version whose tables have other columns. */
const segmentHeader = z.object({
  version: z.literal(1),
  log: z.string(),
  segment: z.number(),
  /** Position of the first row that is written into it. */
  firstPosition: z.number(),
  tables: z.array(
    z.object({ name: z.string(), isPositioned: z.boolean(), columns: z.array(z.tuple([z.string(), z.string()])) }),
  ),
});

export type SegmentHeader = z.infer<typeof segmentHeader>;
export type TableLayout = SegmentHeader["tables"][number];

const MAGIC = Buffer.from("TLSEG\u0001\r\n");
const PREFIX_BYTES = 16;
const NAME = /^segment-(\d{12})\.log$/;

export function toSegmentPath(directory: string, segment: number): string {
  return join(directory, `segment-${String(segment).padStart(12, "0")}.log`);
}

/** The numbers of the segments of a directory, in order. */
export async function listSegments(directory: string): Promise<number[]> {
  const numbers = (await readdir(directory)).flatMap((name) => {
    const match = NAME.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return numbers.toSorted((a, b) => a - b);
}

/** Magic 8 · length of the JSON 4 · its CRC-32 4 · JSON. */
export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(json.length, 8);
  prefix.writeUInt32LE(crc32(json), 12);
  return Buffer.concat([prefix, json]);
}

/** The header and where the first frame begins; undefined when it is not whole. */
export function decodeSegmentHeader(bytes: Buffer): { header: SegmentHeader; end: number } | undefined {
  if (bytes.length < PREFIX_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  const end = PREFIX_BYTES + bytes.readUInt32LE(8);
  const json = bytes.subarray(PREFIX_BYTES, end);
  if (end > bytes.length || crc32(json) !== bytes.readUInt32LE(12)) return undefined;
  return { header: segmentHeader.parse(JSON.parse(json.toString())), end };
}
