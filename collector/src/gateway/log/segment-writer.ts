import type { Disk, DiskFile } from "./disk.ts";
import { type Frame, toFrameHeader } from "./frame.ts";
import type { Recovered } from "./recover.ts";
import { type TableLayout, encodeSegmentHeader, toSegmentPath } from "./segment.ts";

/** How far the log is on disk. Everything before it is acknowledged, nothing behind it is. */
export interface DurableEnd {
  segment: number;
  offset: number;
  nextPosition: number;
}

/** Packed rows of one table, before their positions are known. */
export type PackedRows = Pick<Frame, "table" | "rows" | "columns">;

export interface SegmentWriterOptions {
  directory: string;
  log: string;
  tables: TableLayout[];
  disk: Disk;
  /** A segment that has reached this size is followed by a new one. */
  segmentBytes: number;
  recovered: Recovered;
  /** Told how long each sync took. */
  onSync: (durationMs: number) => void;
}

/** The files of the log. One call of `append` at a time. */
export interface SegmentWriter {
  /** Returns when the rows are on disk; when it throws, none of them is, and a later call may do. */
  append(rows: readonly PackedRows[]): Promise<DurableEnd>;
  end(): DurableEnd;
  /** Removes all segments before this one. */
  removeBefore(segment: number): Promise<void>;
  totalBytes(): number;
  close(): Promise<void>;
}

const FIRST_POSITION = 1;

interface Active {
  segment: number;
  file: DiskFile;
  /** Bytes that are known to be on disk. */
  sizeBytes: number;
}

/** Opens the last segment, or makes the first one. */
export async function openSegmentWriter(options: SegmentWriterOptions): Promise<SegmentWriter> {
  const { directory, disk, recovered } = options;
  const sizes = new Map(recovered.segments.map(({ segment, sizeBytes }) => [segment, sizeBytes]));
  let nextPosition = recovered.nextPosition ?? FIRST_POSITION;
  let isSound = true;
  const last = recovered.segments.at(-1);
  let active: Active = last
    ? { ...last, file: await disk.open(toSegmentPath(directory, last.segment)) }
    : await createSegment(options, 1, nextPosition);
  sizes.set(active.segment, active.sizeBytes);

  const end = () => ({ segment: active.segment, offset: active.sizeBytes, nextPosition });
  const write = async (rows: readonly PackedRows[]) => {
    if (!isSound) active = await repairSegment(options, active);
    if (active.sizeBytes >= options.segmentBytes) {
      const next = await createSegment(options, active.segment + 1, nextPosition);
      await active.file.close();
      active = next;
    }
    const { bytes, position } = encodeRows(rows, nextPosition, active.sizeBytes);
    isSound = false;
    await active.file.write(bytes, active.sizeBytes);
    const startedAt = performance.now();
    await active.file.sync();
    options.onSync(performance.now() - startedAt);
    isSound = true;
    active.sizeBytes += bytes.length;
    nextPosition = position;
    sizes.set(active.segment, active.sizeBytes);
  };
  return {
    append: async (rows) => {
      await write(rows);
      return end();
    },
    end,
    removeBefore: async (segment) => {
      for (const number of [...sizes.keys()].filter((candidate) => candidate < segment && candidate < active.segment)) {
        await disk.remove(toSegmentPath(directory, number));
        sizes.delete(number);
      }
    },
    totalBytes: () => sizes.values().reduce((sum, size) => sum + size, 0),
    close: () => active.file.close(),
  };
}

function encodeRows(rows: readonly PackedRows[], firstPosition: number, synced: number) {
  let position = firstPosition;
  const parts: Buffer[] = [];
  for (const packed of rows) {
    parts.push(toFrameHeader({ ...packed, firstPosition: position, synced }), packed.columns);
    position += packed.rows;
  }
  return { bytes: Buffer.concat(parts), position };
}

async function createSegment(options: SegmentWriterOptions, segment: number, firstPosition: number): Promise<Active> {
  const { directory, log, tables, disk } = options;
  const path = toSegmentPath(directory, segment);
  const header = encodeSegmentHeader({ version: 1, log, segment, firstPosition, tables });
  await disk.remove(path);
  const file = await disk.create(path);
  try {
    await file.write(header, 0);
    await file.sync();
  } catch (error) {
    await file.close();
    await disk.remove(path);
    throw error;
  }
  return { segment, file, sizeBytes: header.length };
}

/** After a failed write: what was not acknowledged is cut off, and the file is opened anew. */
async function repairSegment({ directory, disk }: SegmentWriterOptions, active: Active): Promise<Active> {
  const path = toSegmentPath(directory, active.segment);
  await active.file.close().catch(() => undefined);
  await disk.truncate(path, active.sizeBytes);
  return { ...active, file: await disk.open(path) };
}
