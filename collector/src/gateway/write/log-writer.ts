import { type StoreConnection, createWriter } from "@throughline/schemas/clickhouse/store";
import { realDisk } from "../log/disk.ts";
import type { DurableEnd } from "../log/segment-writer.ts";
import { listSegments } from "../log/segment.ts";
import { type BatchBounds, type BatchJournal, openBatchJournal } from "./batch-journal.ts";
import type { BatchCounts } from "./insert-batch.ts";
import { type RunLimits, cutRun } from "./log-reader.ts";
import { type Pipeline, createPipeline } from "./pipeline.ts";
import { type LogOffset, type Progress, createProgress } from "./progress.ts";
import { type FailedAttempt, retryForEver } from "./retry.ts";

export interface WriterLimits extends RunLimits {
  /** How long rows wait for others, so that batches are large. */
  lingerMs: number;
}

export interface LogWriterOptions {
  directory: string;
  log: string;
  connection: StoreConnection;
  limits: WriterLimits;
  /** The newest batch that the store has already. */
  onResumed: (bounds: BatchBounds) => void;
  onCommitted: (bounds: BatchBounds, counts: BatchCounts) => void;
  onFailedAttempt: (failure: FailedAttempt) => void;
  /** The engine had noted rows of a table that it did not have; they are stored now. */
  onRepaired: (bounds: BatchBounds, table: string) => void;
}

/** Drains the log into the store, batch after batch. A stop lets the batches under way finish. */
export interface LogWriter {
  /** Tells how far the log is on disk. */
  extend(end: DurableEnd): void;
  /** Resolves after a stop; rejects when the log is damaged. */
  ended: Promise<void>;
  /** Cuts no more batches; those under way are repeated for at most this long. */
  stop(graceMs: number): void;
}

export function startLogWriter(options: LogWriterOptions): LogWriter {
  const stopping = new AbortController();
  const abandoning = new AbortController();
  const progress = createProgress(stopping.signal);
  return {
    extend: (end) => progress.extend(end),
    ended: runWriter(options, { progress, stopping, abandoning }),
    stop: (graceMs) => {
      stopping.abort();
      setTimeout(() => abandoning.abort(), graceMs).unref();
    },
  };
}

async function runWriter(
  options: LogWriterOptions,
  control: { progress: Progress; stopping: AbortController; abandoning: AbortController },
): Promise<void> {
  const { progress, stopping, abandoning } = control;
  let damage: unknown;
  const journal = await openBatchJournal(options.directory, realDisk);
  if (journal.committed) options.onResumed(journal.committed);
  const client = createWriter(options.connection);
  const pipeline = createPipeline({
    ...options,
    client,
    journal,
    signal: abandoning.signal,
    onDamage: (error) => {
      damage ??= error;
      abandoning.abort();
      stopping.abort();
    },
  });
  try {
    await drain({ ...options, journal, pipeline, progress, signal: stopping.signal });
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    await pipeline.settle();
    await journal.close();
    await client.close();
  }
  if (damage) throw damage;
}

type DrainOptions = LogWriterOptions & {
  journal: BatchJournal;
  pipeline: Pipeline;
  progress: Progress;
  signal: AbortSignal;
};

/** First the batches that were begun before, exactly as they were cut; then new ones, for ever. */
async function drain({ directory, journal, pipeline, progress, limits, signal, onFailedAttempt }: DrainOptions) {
  let at = await findStart(directory, journal);
  let batch = journal.committed?.batch ?? 0;
  for (const bounds of journal.open.slice()) {
    await pipeline.store(bounds);
    at = { segment: bounds.segment, offset: bounds.end };
    ({ batch } = bounds);
  }
  for (;;) {
    await progress.waitBeyond(at, limits);
    signal.throwIfAborted();
    const run = await cutRun(directory, { at, end: progress.end() }, limits);
    at = { segment: run.segment, offset: run.end };
    if (run.frames.length === 0) continue;
    batch++;
    const bounds = toBounds(batch, run);
    await retryForEver(() => journal.begin(bounds), { signal, onFailure: onFailedAttempt });
    await pipeline.store(bounds, run.frames);
  }
}

async function findStart(directory: string, journal: BatchJournal): Promise<LogOffset> {
  if (journal.committed) return { segment: journal.committed.segment, offset: journal.committed.end };
  const [segment = 1] = await listSegments(directory);
  return { segment, offset: 0 };
}

function toBounds(batch: number, run: Awaited<ReturnType<typeof cutRun>>): BatchBounds {
  const { segment, start, end, frames } = run;
  const firstPosition = frames[0]?.firstPosition ?? 0;
  const rows = frames.reduce((sum, frame) => sum + frame.rows, 0);
  return { batch, segment, start, end, firstPosition, lastPosition: firstPosition + rows - 1 };
}
