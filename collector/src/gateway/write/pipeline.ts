import type { ClickHouseClient } from "@clickhouse/client";
import { toSegmentPath } from "../log/segment.ts";
import type { Frame } from "../log/frame.ts";
import type { BatchBounds, BatchJournal } from "./batch-journal.ts";
import { type TableBlock, encodeBatch } from "./encode-batch.ts";
import { type BatchCounts, countRows, insertBlock, insertCommit, toBatchToken } from "./insert-batch.ts";
import { readFrames, readSegmentHeader } from "./log-reader.ts";
import { type FailedAttempt, retryForEver } from "./retry.ts";
import { repairBlock } from "./verify-batch.ts";

export interface PipelineOptions {
  directory: string;
  log: string;
  client: ClickHouseClient;
  journal: BatchJournal;
  signal: AbortSignal;
  onCommitted: (bounds: BatchBounds, counts: BatchCounts) => void;
  onFailedAttempt: (failure: FailedAttempt) => void;
  /** The engine had noted a block that it did not have. */
  onRepaired: (bounds: BatchBounds, table: string) => void;
  /** Called once when a batch can never be stored, because the log is damaged. */
  onDamage: (error: unknown) => void;
}

/** Stores a few batches at once, and says that they are stored in their order. */
export interface Pipeline {
  /** Takes a batch when there is room for it. */
  store(bounds: BatchBounds, frames?: readonly Frame[]): Promise<void>;
  /** Waits for the batches that are under way. */
  settle(): Promise<void>;
}

const IN_FLIGHT = 2;

export function createPipeline(options: PipelineOptions): Pipeline {
  const inFlight: Promise<void>[] = [];
  let previous = Promise.resolve();
  return {
    store: async (bounds, frames) => {
      if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
      const isNew = frames !== undefined;
      const batch = { bounds, isNew, frames: frames ?? (await readBatch(options.directory, bounds)), previous };
      const stored = storeBatch(options, batch);
      previous = stored;
      inFlight.push(
        stored.catch((error: unknown) => {
          if (!options.signal.aborted) options.onDamage(error);
        }),
      );
    },
    settle: async () => {
      await Promise.all(inFlight);
    },
  };
}

async function readBatch(directory: string, bounds: BatchBounds): Promise<Frame[]> {
  const everything = { rows: Infinity, bytes: Infinity };
  const { frames } = await readFrames(toSegmentPath(directory, bounds.segment), bounds, everything);
  return frames;
}

async function storeBatch(
  options: PipelineOptions,
  batch: { bounds: BatchBounds; isNew: boolean; frames: readonly Frame[]; previous: Promise<void> },
): Promise<void> {
  const { client, log, journal } = options;
  const { bounds, frames, previous } = batch;
  const retry = { signal: options.signal, onFailure: options.onFailedAttempt };
  const { tables } = await readSegmentHeader(options.directory, bounds.segment);
  const blocks = encodeBatch(log, tables, frames);
  const token = toBatchToken(log, bounds);
  const storeBlock = async (block: TableBlock) => {
    let isInDoubt = !batch.isNew;
    const onFailure = (failure: FailedAttempt) => {
      isInDoubt = true;
      options.onFailedAttempt(failure);
    };
    await retryForEver(() => insertBlock(client, block, token), { ...retry, onFailure });
    if (!isInDoubt) return;
    const isRepaired = await retryForEver(() => repairBlock(client, block, { log, bounds, tables, frames }), retry);
    if (isRepaired) options.onRepaired(bounds, block.table);
  };
  await Promise.all(blocks.map(storeBlock));
  await previous;
  const counts = countRows(blocks);
  await retryForEver(() => insertCommit(client, { log, bounds, counts }), retry);
  await retryForEver(() => journal.commit(bounds), retry);
  options.onCommitted(bounds, counts);
}
