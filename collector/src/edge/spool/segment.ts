import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SALT_BYTES, createSegmentCipher } from "./segment-cipher.ts";

/**
 * A segment: magic 4 · salt 32 · frames. A frame: length of the rest 4 · tag 16 · sealed bytes. Frames are numbered from 0 and
 * sealed under their number, so that none can be moved, repeated or taken from the middle.
 */
export const MAGIC = Buffer.from("TLS1");
export const HEADER_BYTES = MAGIC.length + SALT_BYTES;
export const LENGTH_BYTES = 4;
/** On Linux a write returns when it is on disk, which is one call instead of two; elsewhere that flag says less than a sync. */
const IS_WRITE_DURABLE = process.platform === "linux";
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (IS_WRITE_DURABLE ? constants.O_DSYNC : 0);
const NAME = /^(\d{16})\.segment$/;

/** A segment that takes frames until it is closed or one could not be written; then it takes none again. */
export interface SegmentWriter {
  number: number;
  /** Up to where it is on disk. */
  sizeBytes: () => number;
  /** Returns when the frames are on disk; on an error nothing of them remains and the segment is over. */
  append: (frames: readonly Uint8Array[]) => Promise<void>;
  close: () => Promise<void>;
}

export function toSegmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(16, "0")}.segment`);
}

/** The numbers of the segments in a directory, oldest first. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => (NAME.test(name) ? [Number(name.slice(0, 16))] : [])).toSorted((a, b) => a - b);
}

/** Begins a segment with a salt of its own. */
export async function createSegment(directory: string, number: number, secret: Uint8Array): Promise<SegmentWriter> {
  const salt = randomBytes(SALT_BYTES);
  const cipher = createSegmentCipher(secret, salt);
  const file = await open(toSegmentPath(directory, number), FLAGS, 0o600);
  let sizeBytes = HEADER_BYTES;
  let count = 0;
  try {
    await writeAll(file, Buffer.concat([MAGIC, salt]), 0);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    number,
    sizeBytes: () => sizeBytes,
    append: async (frames) => {
      const bytes = Buffer.concat(frames.flatMap((plain) => toFrame(cipher.seal(plain, count++))));
      try {
        await writeAll(file, bytes, sizeBytes);
      } catch (error) {
        await file.truncate(sizeBytes).catch(() => undefined);
        throw error;
      }
      sizeBytes += bytes.length;
    },
    close: () => file.close(),
  };
}

function toFrame(sealed: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(sealed.length);
  return [length, sealed];
}

/** Returns when it is on disk. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
  if (!IS_WRITE_DURABLE) await file.datasync();
}
