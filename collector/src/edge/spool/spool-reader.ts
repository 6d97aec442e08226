import type { Position } from "./cursor.ts";
import { HEADER_BYTES, toSegmentPath } from "./segment.ts";
import { type ReadFrame, type SegmentReader, openSegment } from "./segment-reader.ts";
import { readFrameEntries } from "./spool-content.ts";
import type { SpoolWriter } from "./spool-writer.ts";

/** Entries in their order, and the place behind them. */
export interface SpooledBatch {
  entries: string[];
  end: Position;
  /** How many of them lie in which segment. */
  counts: Map<number, number>;
}

export interface SpoolReaderOptions {
  directory: string;
  secret: Uint8Array;
  cursor: Position;
  /** The segments that there are, in any order. */
  segments: () => number[];
  writer: Pick<SpoolWriter, "active">;
}

/** Reads on from a cursor, which moves only when it is told to. */
export function createSpoolReader(options: SpoolReaderOptions) {
  const { directory, secret, segments, writer } = options;
  let cursor = options.cursor;
  let opened: { number: number; reader: SegmentReader } | undefined;
  const leave = async (number: number) => {
    if (opened?.number !== number) return;
    await opened.reader.close();
    opened = undefined;
  };
  const openAt = async (number: number): Promise<SegmentReader | undefined> => {
    if (opened?.number === number) return opened.reader;
    if (opened !== undefined) await leave(opened.number);
    const reader = await openSegment(toSegmentPath(directory, number), secret);
    opened = reader && { number, reader };
    return reader;
  };
  /** The frame at a place, or at the beginning of the next segment that there is. */
  const readAt = async (place: Position): Promise<{ frame: ReadFrame; place: Position } | undefined> => {
    let at = place;
    for (;;) {
      const active = writer.active();
      const isGrowing = active?.segment === at.segment;
      if (segments().includes(at.segment) && !(isGrowing && at.offsetBytes >= active.sizeBytes)) {
        const reader = await openAt(at.segment);
        const frame = await reader?.read({ ...at, endBytes: isGrowing ? active.sizeBytes : undefined });
        if (frame !== undefined) return { frame, place: at };
      }
      if (isGrowing) return undefined;
      const next = Math.min(...segments().filter((number) => number > at.segment));
      if (!Number.isFinite(next)) return undefined;
      at = { segment: next, offsetBytes: HEADER_BYTES, number: 0 };
    }
  };
  return {
    read: async (maxEntries: number): Promise<SpooledBatch | undefined> => {
      const batch: SpooledBatch = { entries: [], end: cursor, counts: new Map() };
      while (batch.entries.length < maxEntries) {
        const found = await readAt(batch.end);
        if (found === undefined) break;
        const entries = readFrameEntries(found.frame.plain);
        const { segment, number } = found.place;
        if (batch.entries.length > 0 && batch.entries.length + entries.length > maxEntries) break;
        batch.entries.push(...entries);
        batch.counts.set(segment, (batch.counts.get(segment) ?? 0) + entries.length);
        batch.end = { segment, offsetBytes: found.frame.nextBytes, number: number + 1 };
      }
      return batch.entries.length === 0 ? undefined : batch;
    },
    advance: (end: Position) => {
      cursor = end;
    },
    leave,
    close: async () => {
      if (opened !== undefined) await leave(opened.number);
    },
  };
}
