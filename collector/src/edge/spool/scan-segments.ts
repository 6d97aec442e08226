import { rm } from "node:fs/promises";
import { HEADER_BYTES, listSegments, openSegment, toSegmentPath } from "./segment.ts";
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
 * in it was ever acknowledged.
 */
export async function scanSegments(
  directory: string,
  secret: Uint8Array,
  visit: (frame: PlacedFrame) => void | Promise<void>,
): Promise<ScannedSegment[]> {
  const scanned: ScannedSegment[] = [];
  for (const number of await listSegments(directory)) {
    const path = toSegmentPath(directory, number);
    const reader = await openSegment(path, secret);
    if (reader === undefined) {
      await rm(path, { force: true });
      continue;
    }
    try {
      let at = { offsetBytes: HEADER_BYTES, number: 0 };
      for (let frame = await reader.read(at); frame !== undefined; frame = await reader.read(at)) {
        await visit({ content: fromFrameBytes(frame.plain), segment: number, at, nextBytes: frame.nextBytes });
        at = { offsetBytes: frame.nextBytes, number: at.number + 1 };
      }
      const sizeBytes = await reader.sizeBytes();
      scanned.push({ number, sizeBytes, lostBytes: sizeBytes - at.offsetBytes });
    } finally {
      await reader.close();
    }
  }
  return scanned;
}
