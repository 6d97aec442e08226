import { rm } from "node:fs/promises";
import { HEADER_BYTES, listSegments, toSegmentPath } from "./segment.ts";
import { openSegment } from "./segment-reader.ts";
import { type FrameContent, fromFrameBytes } from "./spool-content.ts";

/** A frame of a spool, and the place behind it. */
export interface PlacedFrame {
  content: FrameContent;
  segment: number;
  /** Where the frame begins, and which it is in its segment. */
  at: { offsetBytes: number; number: number };
  nextBytes: number;
}

/** A segment that was read to its last sound frame. */
export interface ScannedSegment {
  number: number;
  sizeBytes: number;
  /** Bytes behind the last sound frame: what a crash tore off, or damage. */
  lostBytes: number;
}

/**
 * Reads every frame of the segments in a directory in order, one at a time. A file that holds no whole header is taken away: nothing
 * in it was ever acknowledged. Of the process alone that has the spool.
 */
export async function scanSegments(
  directory: string,
  secret: Uint8Array,
  visit: (frame: PlacedFrame) => void | Promise<void>,
): Promise<ScannedSegment[]> {
  const scanned: ScannedSegment[] = [];
  for (const number of await listSegments(directory)) {
    const found = await scanSegment(directory, { number, secret }, visit);
    if (found === undefined) await rm(toSegmentPath(directory, number), { force: true });
    else scanned.push(found);
  }
  return scanned;
}

/** Reads beside the process that has the spool: changes nothing, and what is written or taken away meanwhile may be missed. */
export async function visitSegments(
  directory: string,
  secret: Uint8Array,
  visit: (frame: PlacedFrame) => void | Promise<void>,
): Promise<void> {
  for (const number of await listSegments(directory).catch(ignoreMissing))
    await scanSegment(directory, { number, secret }, visit).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): [] {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
  throw error;
}

/** Undefined when the file does not begin as a segment does. */
async function scanSegment(
  directory: string,
  { number, secret }: { number: number; secret: Uint8Array },
  visit: (frame: PlacedFrame) => void | Promise<void>,
): Promise<ScannedSegment | undefined> {
  const reader = await openSegment(toSegmentPath(directory, number), secret);
  if (reader === undefined) return undefined;
  try {
    let at = { offsetBytes: HEADER_BYTES, number: 0 };
    for (let frame = await reader.read(at); frame !== undefined; frame = await reader.read(at)) {
      await visit({ content: fromFrameBytes(frame.plain), segment: number, at, nextBytes: frame.nextBytes });
      at = { offsetBytes: frame.nextBytes, number: at.number + 1 };
    }
    const sizeBytes = await reader.sizeBytes();
    return { number, sizeBytes, lostBytes: sizeBytes - at.offsetBytes };
  } finally {
    await reader.close();
  }
}
