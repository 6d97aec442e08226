import { createByteBuffer, toBytes } from "@throughline/schemas/clickhouse/byte-buffer";
import { packColumn } from "@throughline/schemas/clickhouse/packed-column";
import { lockDirectory } from "@throughline/schemas/directory-lock";
import { AppError } from "@throughline/schemas/error";
import { createEventBlock } from "@throughline/schemas/rows/events";
import {
  IS_POSITIONED,
  LOG_TABLES,
  type LogBlock,
  clearLogBlock,
  sizeOfLogBlock,
} from "@throughline/schemas/rows/log-block";
import { createLogRecordBlock } from "@throughline/schemas/rows/otel-logs";
import { createSpanBlock } from "@throughline/schemas/rows/otel-traces";
import { createQuarantineBlock } from "@throughline/schemas/rows/quarantine";
import { type Disk, realDisk } from "./disk.ts";
import { readLogIdentity } from "./identity.ts";
import { recoverSegments } from "./recover.ts";
import { type DurableEnd, type PackedRows, openSegmentWriter } from "./segment-writer.ts";

export interface EventLogOptions {
  directory: string;
  /** The log takes nothing more beyond this size. */
  maxBytes: number;
  disk?: Disk;
  /** Told how far the log is on disk after each sync. */
  onDurable?: (end: DurableEnd) => void;
  onSync?: (durationMs: number) => void;
}

/** The write-ahead log. Rows are appended to `blocks` and are acknowledged when `commit` has returned. */
export interface EventLog {
  id: string;
  blocks: ReturnType<typeof createBlocks>;
  /** Returns when all rows in `blocks` are on disk. Throws `unavailable` when they cannot be stored; then none of them is. */
  commit(): Promise<void>;
  end(): DurableEnd;
  state(): LogState;
  /** Removes the segments before this one: the store has all of their rows. */
  removeBefore(segment: number): Promise<void>;
  /** Waits for what is under way and releases the directory. */
  close(): Promise<void>;
}

export interface LogState {
  /** Bytes on disk that the store may not have yet, and in memory on their way to disk. */
  sizeBytes: number;
  waitingBytes: number;
  isFull: boolean;
  /** Why the last write failed; undefined when it did not. */
  failure: string | undefined;
  droppedBytes: number;
}

const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
const SEGMENTS_WITHIN_LIMIT = 8;
/** A block of this size becomes a frame of its own, so that batches can be cut between frames. */
const FRAME_BYTES = 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

/** Opens the log of a directory, checks it and takes it for this process alone. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { directory, maxBytes, disk = realDisk } = options;
  const unlock = lockDirectory(directory, "The write-ahead log");
  try {
    const id = await readLogIdentity(directory, disk);
    const recovered = await recoverSegments(directory, id, disk);
    const blocks = createBlocks();
    const segments = await openSegmentWriter({
      directory,
      log: id,
      tables: toLayouts(blocks),
      disk,
      segmentBytes: Math.min(MAX_SEGMENT_BYTES, Math.ceil(maxBytes / SEGMENTS_WITHIN_LIMIT)),
      recovered,
      onSync: (durationMs) => options.onSync?.(durationMs),
    });
    const groups = createGroups(blocks, async (rows) => {
      const end = await segments.append(rows);
      options.onDurable?.(end);
    });
    return {
      id,
      blocks,
      commit: groups.commit,
      end: () => segments.end(),
      state: () => {
        const sizeBytes = segments.totalBytes() + groups.waitingBytes();
        return {
          sizeBytes,
          waitingBytes: groups.waitingBytes(),
          isFull: sizeBytes >= maxBytes,
          failure: groups.failure(),
          droppedBytes: recovered.droppedBytes,
        };
      },
      removeBefore: (segment) => segments.removeBefore(segment),
      close: async () => {
        await groups.settle();
        await segments.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function createBlocks() {
  return {
    events: createEventBlock(),
    quarantine: createQuarantineBlock(),
    otel_traces: createSpanBlock(),
    otel_logs: createLogRecordBlock(),
  };
}

function toLayouts(blocks: Record<string, LogBlock>) {
  return Object.values(blocks).map(({ table, columns }) => ({
    name: table,
    isPositioned: IS_POSITIONED[table],
    columns: Object.entries(columns).map(([name, { type }]): [string, string] => [name, type]),
  }));
}

/** Rows that wait for the same sync. */
interface Group {
  rows: PackedRows[];
  sizeBytes: number;
  stored: PromiseWithResolvers<void>;
}

/** All requests that come while one sync is under way share the next. */
function createGroups(blocks: Record<string, LogBlock>, store: (rows: PackedRows[]) => Promise<void>) {
  let waiting = createGroup();
  let underWay: Promise<void> | undefined;
  let failure: string | undefined;
  let flushingBytes = 0;

  const seal = (minimumBytes: number) => {
    for (const block of Object.values(blocks)) {
      if (block.rows === 0 || sizeOfLogBlock(block) < minimumBytes) continue;
      const columns = packBlock(block);
      waiting.rows.push({ table: LOG_TABLES.indexOf(block.table), rows: block.rows, columns });
      waiting.sizeBytes += columns.length;
      clearLogBlock(block);
    }
  };
  const isEmpty = () => Object.values(blocks).every(({ rows }) => rows === 0);
  const flush = async () => {
    for (seal(0); waiting.rows.length > 0; seal(0)) {
      const group = waiting;
      waiting = createGroup();
      flushingBytes = group.sizeBytes;
      try {
        await store(group.rows);
        failure = undefined;
        group.stored.resolve();
      } catch (cause) {
        failure = cause instanceof Error ? cause.message : "unknown";
        group.stored.reject(toUnavailable(cause));
      }
    }
    flushingBytes = 0;
    underWay = undefined;
  };
  return {
    commit: () => {
      seal(FRAME_BYTES);
      if (waiting.rows.length === 0 && isEmpty()) return Promise.resolve();
      const { promise } = waiting.stored;
      underWay ??= Promise.resolve().then(flush);
      return promise;
    },
    waitingBytes: () => waiting.sizeBytes + flushingBytes,
    failure: () => failure,
    settle: async () => {
      await underWay;
    },
  };
}

function createGroup(): Group {
  const stored = Promise.withResolvers<void>();
  stored.promise.catch(() => undefined);
  return { rows: [], sizeBytes: 0, stored };
}

function packBlock(block: LogBlock): Buffer {
  const out = createByteBuffer(sizeOfLogBlock(block) + 1024);
  for (const column of Object.values(block.columns)) packColumn(out, column);
  return toBytes(out);
}

function toUnavailable(cause: unknown): AppError {
  const isFull = cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT");
  const message = isFull
    ? "The disk of the write-ahead log is full. Nothing of this request was stored; send it again when there is space."
    : "The write-ahead log cannot be written. Nothing of this request was stored; send it again later.";
  return new AppError("unavailable", message, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
