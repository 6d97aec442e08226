import { readFile, rm } from "node:fs/promises";
import { AppError } from "@throughline/schemas/error";
import type { Disk } from "./disk.ts";
import { findFrame, readFrame } from "./frame.ts";
import { decodeSegmentHeader, listSegments, toSegmentPath } from "./segment.ts";

/** What is on disk when the log is opened. */
export interface Recovered {
  segments: { segment: number; sizeBytes: number }[];
  /** Position of the next row; undefined when there is no segment yet. */
  nextPosition: number | undefined;
  /** Bytes of a torn tail that were dropped: rows that nobody was told are stored. */
  droppedBytes: number;
}

/**
 * Checks every segment and cuts a torn tail off the last one. Throws `store_mismatch`, changing nothing, when something
 * else is damaged or missing: such rows were acknowledged.
 */
export async function recoverSegments(directory: string, log: string, disk: Disk): Promise<Recovered> {
  const numbers = await listSegments(directory);
  const recovered: Recovered = { segments: [], nextPosition: undefined, droppedBytes: 0 };
  for (const [index, segment] of numbers.entries()) {
    const path = toSegmentPath(directory, segment);
    const bytes = await readFile(path);
    const isLast = index === numbers.length - 1;
    const header = decodeSegmentHeader(bytes);
    if (!header && isLast && !findFrame(bytes, 0)) {
      recovered.droppedBytes += bytes.length;
      await rm(path);
      break;
    }
    if (!header) throw toDamage(path, 0, "its header is not sound");
    if (header.header.log !== log) throw toDamage(path, 0, `it belongs to log ${header.header.log}, not ${log}`);
    const expected = recovered.nextPosition ?? header.header.firstPosition;
    if (header.header.firstPosition !== expected)
      throw toDamage(
        path,
        0,
        `it begins at position ${header.header.firstPosition} where ${expected} was expected: a segment is missing`,
      );
    const scan = scanFrames(bytes, header.end, { path, nextPosition: expected });
    if (scan.end < bytes.length) {
      if (!isLast) throw toDamage(path, scan.end, "a frame is not sound");
      assertTorn(bytes, scan.end, path);
      recovered.droppedBytes += bytes.length - scan.end;
      await disk.truncate(path, scan.end);
    }
    recovered.nextPosition = scan.nextPosition;
    recovered.segments.push({ segment, sizeBytes: scan.end });
  }
  return recovered;
}

function scanFrames(bytes: Buffer, start: number, from: { path: string; nextPosition: number }) {
  let end = start;
  let { nextPosition } = from;
  for (let found = readFrame(bytes, end); found; found = readFrame(bytes, end)) {
    if (found.frame.firstPosition !== nextPosition)
      throw toDamage(
        from.path,
        end,
        `a frame begins at position ${found.frame.firstPosition} where ${nextPosition} was expected`,
      );
    nextPosition += found.frame.rows;
    end = found.next;
  }
  return { end, nextPosition };
}

/** A frame written after the unsound bytes were known to be on disk proves that they were acknowledged. */
function assertTorn(bytes: Buffer, end: number, path: string) {
  for (let found = findFrame(bytes, end + 1); found; found = findFrame(bytes, found.at + 1)) {
    if (found.frame.synced > end) throw toDamage(path, end, "a frame is not sound, and later ones are");
  }
}

function toDamage(path: string, offset: number, reason: string): AppError {
  return new AppError(
    "store_mismatch",
    `The write-ahead log is damaged: ${path}, byte ${offset}: ${reason}. Nothing was changed. Restore the file from a copy, or move the directory away to start an empty log; what it held and the store has not is then lost.`,
  );
}
