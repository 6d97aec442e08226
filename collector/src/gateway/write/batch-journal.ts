import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { Disk, DiskFile } from "../log/disk.ts";
import { listSegments } from "../log/segment.ts";

/** The bounds of a batch: a run of whole frames within one segment. */
export const batchBounds = z.object({
  batch: z.int().min(1),
  segment: z.int(),
  start: z.int(),
  end: z.int(),
  firstPosition: z.int(),
  lastPosition: z.int(),
});

export type BatchBounds = z.infer<typeof batchBounds>;

const entry = z.union([z.strictObject({ begin: batchBounds }), z.strictObject({ committed: batchBounds })]);
type Entry = z.infer<typeof entry>;

/** Which batches were cut from the log. What stands in it is on disk before the batch's first insert. */
export interface BatchJournal {
  /** Batches that were begun and may not be stored yet, in order. */
  open: readonly BatchBounds[];
  /** The newest batch that the store has; undefined when there is none. */
  committed: BatchBounds | undefined;
  begin(bounds: BatchBounds): Promise<void>;
  commit(bounds: BatchBounds): Promise<void>;
  close(): Promise<void>;
}

const COMPACT_BYTES = 1024 * 1024;
const FILE = "batches.log";

/**
 * Reads the journal of a directory and makes it small again. Torn lines at its end were never relied upon. Throws
 * `store_mismatch` when it is missing or damaged although batches were stored: they would be stored again.
 */
export async function openBatchJournal(directory: string, disk: Disk): Promise<BatchJournal> {
  const path = join(directory, FILE);
  const entries = await readEntries(path, directory);
  const state = toState(entries);
  const inTurn = createTurns();
  let file: DiskFile;
  let sizeBytes = 0;
  const rewrite = async () => {
    const kept: Entry[] = state.open.map((begin) => ({ begin }));
    if (state.committed) kept.unshift({ committed: state.committed });
    const bytes = Buffer.from(kept.map(toLine).join(""));
    await disk.replace(path, bytes);
    file = await disk.open(path);
    sizeBytes = bytes.length;
  };
  const append = async (item: Entry, isSynced: boolean) => {
    const bytes = Buffer.from(toLine(item));
    await file.write(bytes, sizeBytes);
    if (isSynced) await file.sync();
    sizeBytes += bytes.length;
  };
  await rewrite();
  return {
    get open() {
      return state.open;
    },
    get committed() {
      return state.committed;
    },
    begin: (bounds) =>
      inTurn(async () => {
        await append({ begin: bounds }, true);
        state.open = [...state.open, bounds];
      }),
    commit: (bounds) =>
      inTurn(async () => {
        state.committed = bounds;
        state.open = state.open.filter(({ batch }) => batch > bounds.batch);
        if (sizeBytes < COMPACT_BYTES) return append({ committed: bounds }, false);
        const old = file;
        await rewrite();
        await old.close();
      }),
    close: () => file.close(),
  };
}

/** Calls one action after the other, in the order in which they were asked for. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return (action: () => Promise<void>): Promise<void> => {
    const turn = last.then(action);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function toState(entries: readonly Entry[]) {
  let open: BatchBounds[] = [];
  let committed: BatchBounds | undefined;
  for (const item of entries) {
    if ("begin" in item) open.push(item.begin);
    else {
      const { batch } = item.committed;
      committed = item.committed;
      open = open.filter((bounds) => bounds.batch > batch);
    }
  }
  return { open, committed };
}

async function readEntries(path: string, directory: string): Promise<Entry[]> {
  const text = await readText(path);
  if (text === undefined) {
    const [first = 1] = await listSegments(directory);
    if (first > 1) throw toDamage(path, "is missing");
    return [];
  }
  const lines = text.split("\n").map(fromLine);
  const damaged = lines.includes(undefined) ? lines.indexOf(undefined) : lines.length;
  if (lines.some((item, index) => index > damaged && item && "begin" in item))
    throw toDamage(path, `is damaged in line ${damaged + 1}`);
  return lines.slice(0, damaged).flatMap((item) => item ?? []);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** CRC-32 in hexadecimal, a space, JSON. */
function toLine(item: Entry): string {
  const json = JSON.stringify(item);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

function fromLine(line: string): Entry | undefined {
  const json = line.slice(9);
  if (line.slice(0, 8) !== crc32(json).toString(16).padStart(8, "0")) return undefined;
  return entry.parse(JSON.parse(json));
}

function toDamage(path: string, what: string): AppError {
  return new AppError(
    "store_mismatch",
    `${path} ${what}: which batches of the log are stored is not known, so nothing is written. Restore the file from a copy.`,
  );
}
