import { mkdir, rm, stat } from "node:fs/promises";
import { lockDirectory } from "@throughline/schemas/directory-lock";
import { AppError } from "@throughline/schemas/error";
import { createAppendQueue } from "./append-queue.ts";
import { type Position, isBehind, readCursor, writeCursor } from "./cursor.ts";
import { checkSpoolKey } from "./key-check.ts";
import { scanSegments } from "./scan-segments.ts";
import { HEADER_BYTES, toSegmentPath } from "./segment.ts";
import { type SpooledBatch, createSpoolReader } from "./spool-reader.ts";
import { type Draft, createSpoolWriter } from "./spool-writer.ts";

export interface SpoolOptions {
  directory: string;
  /** 32 bytes; never leaves the site. */
  secret: Uint8Array;
  /** Of all files together. */
  maxBytes: number;
  /** A segment is closed at this size; an eighth of the bound unless given, 8 MiB at most. */
  segmentBytes?: number;
  /** What gives way at the bound: what comes, or what is oldest. */
  atBound?: "refuse" | "drop-oldest";
}

export interface SpoolState {
  waitingEntries: number;
  /** On disk, the part of it included that was taken over and is not removed yet. */
  sizeBytes: number;
  maxBytes: number;
  /** Entries that gave way at the bound. */
  dropped: number;
}

/** Entries on disk, sealed, in the order in which they came. */
export interface Spool {
  /**
   * Returns when the entries are on disk, and numbers them then. Throws `unavailable` when the bound is reached or the disk takes
   * nothing: none of them is kept then.
   */
  append: (drafts: readonly Draft[]) => Promise<void>;
  /** What comes next, whole frames up to about `maxEntries`; undefined when nothing waits. */
  read: (maxEntries: number) => Promise<SpooledBatch | undefined>;
  /** What was read up to `end` was taken over; its space is given back. */
  advance: (batch: SpooledBatch) => Promise<void>;
  /** Resolves when something waits, at once if it does; rejects when aborted. */
  whenWaiting: (signal: AbortSignal) => Promise<void>;
  state: () => SpoolState;
  /** What comes next is written into a segment of its own. */
  rotate: () => Promise<void>;
  /** Segments into which nothing was written since that moment, in milliseconds since 1970, go with what waits in them. */
  dropOlder: (beforeMs: number) => Promise<void>;
  /** The last number given to each source. */
  sequences: () => Readonly<Record<string, number>>;
  /** Bytes behind the last sound frame of segments, found when it was opened. */
  lostBytes: number;
  close: () => Promise<void>;
}

const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;

/** Opens a spool for this process alone. Throws `conflict` when another has it, `invalid_configuration` for another key. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, secret, maxBytes, atBound = "refuse" } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(directory, "The spool");
  try {
    await checkSpoolKey(directory, secret);
    const found = await recover(directory, secret);
    const segmentBytes = options.segmentBytes ?? Math.min(MAX_SEGMENT_BYTES, Math.floor(maxBytes / 8));
    return createSpool({ directory, secret, maxBytes, atBound, segmentBytes, found, unlock });
  } catch (error) {
    unlock();
    throw error;
  }
}

interface Found {
  cursor: Position;
  sequences: Record<string, number>;
  /** Entries that wait, by segment. */
  waiting: Map<number, number>;
  sizes: Map<number, number>;
  lostBytes: number;
}

async function recover(directory: string, secret: Uint8Array): Promise<Found> {
  const cursor = (await readCursor(directory)) ?? { segment: 0, offsetBytes: HEADER_BYTES, number: 0 };
  let sequences: Record<string, number> = {};
  const waiting = new Map<number, number>();
  const scanned = await scanSegments(directory, secret, ({ content, segment, at }) => {
    sequences = { ...sequences, ...content.sequences };
    if (isBehind({ segment, ...at }, cursor)) return;
    waiting.set(segment, (waiting.get(segment) ?? 0) + content.entries.length);
  });
  return {
    cursor,
    sequences,
    waiting,
    sizes: new Map(scanned.map(({ number, sizeBytes }) => [number, sizeBytes])),
    lostBytes: sum(scanned.map(({ lostBytes }) => lostBytes)),
  };
}

function createSpool(parts: Required<SpoolOptions> & { found: Found; unlock: () => void }): Spool {
  const { directory, maxBytes, unlock } = parts;
  const { waiting, sizes, cursor, sequences, lostBytes } = parts.found;
  const lastSegment = Math.max(cursor.segment, -1, ...sizes.keys());
  const writer = createSpoolWriter({ ...parts, nextSegment: lastSegment + 1, sequences });
  const reader = createSpoolReader({ ...parts, cursor, segments: () => [...sizes.keys()], writer });
  const arrival = createArrival();
  const countBytes = () => sum(sizes.values());
  const countWaiting = () => sum(waiting.values());
  const note = (entries: number) => {
    arrival.announce();
    const active = writer.active();
    if (active === undefined) return;
    sizes.set(active.segment, active.sizeBytes);
    waiting.set(active.segment, (waiting.get(active.segment) ?? 0) + entries);
  };
  const removeBefore = async (segment: number) => {
    for (const number of [...sizes.keys()].filter((each) => each < segment)) {
      await reader.leave(number);
      await rm(toSegmentPath(directory, number), { force: true });
      sizes.delete(number);
      waiting.delete(number);
    }
  };
  const bound = createBound(parts, { sizes, waiting, removeBefore });
  const write = (drafts: readonly Draft[]) => writer.write(drafts).then(() => note(drafts.length));
  const queue = createAppendQueue({ makeRoom: bound.makeRoom, write });
  return {
    append: queue.add,
    read: (maxEntries) => reader.read(maxEntries),
    advance: async (batch) => {
      for (const [segment, count] of batch.counts) waiting.set(segment, (waiting.get(segment) ?? count) - count);
      reader.advance(batch.end);
      await writeCursor(directory, batch.end);
      await removeBefore(batch.end.segment);
    },
    whenWaiting: (signal) => (countWaiting() > 0 ? Promise.resolve() : arrival.wait(signal)),
    rotate: () => queue.run(writer.close),
    dropOlder: (beforeMs) =>
      queue.run(async () => {
        const old = await listOlder(directory, { segments: sizes.keys(), beforeMs });
        if (old.includes(writer.active()?.segment ?? -1)) await writer.close();
        await bound.drop(old);
      }),
    state: () => ({ waitingEntries: countWaiting(), sizeBytes: countBytes(), maxBytes, dropped: bound.dropped() }),
    sequences: writer.sequences,
    lostBytes,
    close: async () => {
      await queue.idle();
      await reader.close();
      await writer.close();
      unlock();
    },
  };
}

/** What gives way for what comes. */
function createBound(
  { maxBytes, atBound }: Pick<Required<SpoolOptions>, "maxBytes" | "atBound">,
  on: { sizes: Map<number, number>; waiting: Map<number, number>; removeBefore: (segment: number) => Promise<void> },
) {
  const { sizes, waiting, removeBefore } = on;
  let dropped = 0;
  const drop = async (numbers: readonly number[]) => {
    dropped += sum(numbers.map((number) => waiting.get(number) ?? 0));
    await removeBefore((numbers.at(-1) ?? -1) + 1);
  };
  return {
    /** False when there is no room for so many bytes more. */
    makeRoom: async (neededBytes: number): Promise<boolean> => {
      const isTight = () => sum(sizes.values()) + neededBytes > maxBytes;
      while (isTight() && sizes.size > 1) {
        if (atBound === "refuse") return false;
        await drop([Math.min(...sizes.keys())]);
      }
      return !isTight();
    },
    /** Takes the oldest segments away. */
    drop,
    dropped: () => dropped,
  };
}

/** The first segments, up to one into which something was written since. */
async function listOlder(
  directory: string,
  { segments, beforeMs }: { segments: Iterable<number>; beforeMs: number },
): Promise<number[]> {
  const old: number[] = [];
  for (const number of [...segments].toSorted((a, b) => a - b)) {
    const { mtimeMs } = await stat(toSegmentPath(directory, number));
    if (mtimeMs >= beforeMs) break;
    old.push(number);
  }
  return old;
}

/** What several may wait for, again and again. */
function createArrival() {
  let next = Promise.withResolvers<void>();
  return {
    announce: () => {
      next.resolve();
      next = Promise.withResolvers();
    },
    wait: (signal: AbortSignal): Promise<void> => {
      const aborted = Promise.withResolvers<void>();
      const abort = () => aborted.reject(new AppError("unavailable", "It was stopped."));
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
      return Promise.race([next.promise, aborted.promise]).finally(() => signal.removeEventListener("abort", abort));
    },
  };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
