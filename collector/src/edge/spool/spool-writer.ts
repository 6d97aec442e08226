import { open, rm } from "node:fs/promises";
import { type SegmentWriter, createSegment, toSegmentPath } from "./segment.ts";
import { toFrameBytes } from "./spool-content.ts";

/** An entry before it has its number. */
export interface Draft {
  /** Entries of one source are numbered from 1 without gaps; undefined leaves it without a number. */
  source?: string | undefined;
  /** JSON without a line break. */
  toText: (sequence: number) => string;
}

const FRAME_ENTRIES = 256;
const FRAME_CHARACTERS = 512 * 1024;

export interface SpoolWriter {
  /** Returns when the drafts are on disk, or throws and nothing of them is. */
  write: (drafts: readonly Draft[]) => Promise<void>;
  /** The segment that grows now, and up to where it is on disk. */
  active: () => { segment: number; sizeBytes: number } | undefined;
  sequences: () => Readonly<Record<string, number>>;
  close: () => Promise<void>;
}

/** Writes into segments that begin with the numbers given so far; a segment in which writing failed is never written again. */
export function createSpoolWriter(options: {
  directory: string;
  secret: Uint8Array;
  segmentBytes: number;
  nextSegment: number;
  sequences: Readonly<Record<string, number>>;
}): SpoolWriter {
  const { directory, secret, segmentBytes } = options;
  let { nextSegment } = options;
  let sequences: Record<string, number> = { ...options.sequences };
  let current: SegmentWriter | undefined;
  const begin = async (): Promise<SegmentWriter> => {
    const number = nextSegment++;
    try {
      const segment = await createSegment(directory, number, secret);
      await segment.append([toFrameBytes({ sequences, entries: [] })]);
      await syncDirectory(directory);
      return segment;
    } catch (error) {
      await rm(toSegmentPath(directory, number), { force: true });
      throw error;
    }
  };
  const end = async () => {
    await current?.close();
    current = undefined;
  };
  return {
    write: async (drafts) => {
      if (current !== undefined && current.sizeBytes() >= segmentBytes) await end();
      current ??= await begin();
      const numbered = { ...sequences };
      try {
        await current.append(toFrames(drafts, numbered));
        sequences = numbered;
      } catch (error) {
        await end();
        throw error;
      }
    },
    active: () => current && { segment: current.number, sizeBytes: current.sizeBytes() },
    sequences: () => sequences,
    close: end,
  };
}

/** Frames of bounded size; `sequences` is counted on. */
function toFrames(drafts: readonly Draft[], sequences: Record<string, number>): Buffer[] {
  const frames: Buffer[] = [];
  let entries: string[] = [];
  let characters = 0;
  const close = () => {
    frames.push(toFrameBytes({ sequences, entries }));
    entries = [];
    characters = 0;
  };
  for (const { source, toText } of drafts) {
    const sequence = source === undefined ? 0 : (sequences[source] ?? 0) + 1;
    if (source !== undefined) sequences[source] = sequence;
    const text = toText(sequence);
    entries.push(text);
    characters += text.length;
    if (entries.length >= FRAME_ENTRIES || characters >= FRAME_CHARACTERS) close();
  }
  if (entries.length > 0) close();
  return frames;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
