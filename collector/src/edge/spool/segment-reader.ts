import { type FileHandle, open } from "node:fs/promises";
import { HEADER_BYTES, LENGTH_BYTES, MAGIC } from "./segment.ts";
import { createSegmentCipher } from "./segment-cipher.ts";

/** A frame as it was sealed, and where the next one begins. */
export interface ReadFrame {
  plain: Buffer;
  nextBytes: number;
}

/** Reads the frames of a segment one after the other. */
export interface SegmentReader {
  /**
   * The frame that begins at an offset and has this number; undefined when there is none that is whole and sound. Nothing is read behind
   * `endBytes`: what is written there now may be taken back.
   */
  read: (at: { offsetBytes: number; number: number; endBytes?: number | undefined }) => Promise<ReadFrame | undefined>;
  sizeBytes: () => Promise<number>;
  close: () => Promise<void>;
}

const AHEAD_BYTES = 64 * 1024;

/** Undefined when the file does not begin as a segment does. */
export async function openSegment(path: string, secret: Uint8Array): Promise<SegmentReader | undefined> {
  const file = await open(path, "r");
  const readAt = createReadAhead(file);
  const header = await readAt(0, { length: HEADER_BYTES, endBytes: HEADER_BYTES });
  if (header === undefined || !header.subarray(0, MAGIC.length).equals(MAGIC)) {
    await file.close();
    return undefined;
  }
  const cipher = createSegmentCipher(secret, header.subarray(MAGIC.length));
  return {
    read: async ({ offsetBytes, number, endBytes = Number.POSITIVE_INFINITY }) => {
      const head = await readAt(offsetBytes, { length: LENGTH_BYTES, endBytes });
      if (head === undefined) return undefined;
      const length = head.readUInt32LE();
      const sealed = await readAt(offsetBytes + LENGTH_BYTES, { length, endBytes });
      const plain = sealed === undefined ? undefined : cipher.open(sealed, number);
      return plain === undefined ? undefined : { plain, nextBytes: offsetBytes + LENGTH_BYTES + length };
    },
    sizeBytes: async () => (await file.stat()).size,
    close: () => file.close(),
  };
}

/** Reads bytes of a file, and keeps what lies behind them: many small frames are one call. Undefined where there are fewer. */
function createReadAhead(file: FileHandle) {
  let held: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };
  return async (
    at: number,
    { length, endBytes }: { length: number; endBytes: number },
  ): Promise<Buffer | undefined> => {
    const from = at - held.at;
    if (from >= 0 && from + length <= held.bytes.length) return held.bytes.subarray(from, from + length);
    if (at + length > endBytes) return undefined;
    // A length that was damaged would be allocated before it is known to be none.
    if (length > AHEAD_BYTES && at + length > (await file.stat()).size) return undefined;
    const bytes = await readUpTo(file, at, Math.min(endBytes - at, Math.max(length, AHEAD_BYTES)));
    held = { at, bytes };
    return bytes.length < length ? undefined : bytes.subarray(0, length);
  };
}

/** Fewer bytes only where the file ends. */
async function readUpTo(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
