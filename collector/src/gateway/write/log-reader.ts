import { open, stat } from "node:fs/promises";
import { AppError } from "@throughline/schemas/error";
import { type Frame, readFrame } from "../log/frame.ts";
import type { DurableEnd } from "../log/segment-writer.ts";
import { decodeSegmentHeader, toSegmentPath } from "../log/segment.ts";
import type { LogOffset } from "./progress.ts";

/** Frames that lie one behind the other in one segment. */
export interface FrameRun {
  segment: number;
  start: number;
  end: number;
  frames: Frame[];
}

export interface RunLimits {
  rows: number;
  bytes: number;
}

const HEADER_READ_BYTES = 256 * 1024;

/** What a segment says of itself, where its frames begin, and how long its file is. */
export async function readSegmentHeader(directory: string, segment: number) {
  const path = toSegmentPath(directory, segment);
  const found = decodeSegmentHeader(await readRange(path, 0, HEADER_READ_BYTES));
  if (!found) throw new AppError("store_mismatch", `The write-ahead log is damaged: ${path} has no sound header.`);
  const { size } = await stat(path);
  return { tables: found.header.tables, start: found.end, sizeBytes: size };
}

/**
 * The next run of frames behind `at`, as far as the log is on disk. At the end of a finished segment it is empty and ends
 * where the next segment begins.
 */
export async function cutRun(
  directory: string,
  range: { at: LogOffset; end: DurableEnd },
  limits: RunLimits,
): Promise<FrameRun> {
  const { at, end } = range;
  const { segment } = at;
  const header = await readSegmentHeader(directory, segment);
  const start = Math.max(at.offset, header.start);
  const until = segment === end.segment ? end.offset : header.sizeBytes;
  if (start >= until && segment < end.segment) return { segment: segment + 1, start: 0, end: 0, frames: [] };
  const run = await readFrames(toSegmentPath(directory, segment), { start, end: until }, limits);
  return { segment, start, ...run };
}

/**
 * The frames from an offset on, up to the limits or to `end`, where the log is known to be on disk; at least one frame
 * if there is one. Throws `store_mismatch` when a frame is not sound.
 */
export async function readFrames(
  path: string,
  range: { start: number; end: number },
  limits: RunLimits,
): Promise<{ frames: Frame[]; end: number }> {
  const { start } = range;
  const wanted = Math.min(range.end - start, limits.bytes);
  let bytes = await readRange(path, start, wanted);
  const frames: Frame[] = [];
  let rows = 0;
  let at = 0;
  while (start + at < range.end) {
    let found = readFrame(bytes, at);
    if (!found && frames.length > 0 && start + bytes.length < range.end) break;
    if (!found && start + bytes.length < range.end) {
      bytes = await readRange(path, start, range.end - start);
      found = readFrame(bytes, at);
    }
    if (!found) throw new AppError("store_mismatch", `The write-ahead log is damaged: ${path}, byte ${start + at}.`);
    if (frames.length > 0 && rows + found.frame.rows > limits.rows) break;
    frames.push(found.frame);
    rows += found.frame.rows;
    at = found.next;
  }
  return { frames, end: start + at };
}

async function readRange(path: string, start: number, length: number): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}
