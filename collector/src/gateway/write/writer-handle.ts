import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { DurableEnd } from "../log/segment-writer.ts";
import type { BatchBounds } from "./batch-journal.ts";
import type { BatchCounts } from "./insert-batch.ts";
import type { FailedAttempt } from "./retry.ts";
import { type ToWriter, type WriterSettings, fromWriter } from "./writer-messages.ts";

export interface WriterHandle {
  extend(end: DurableEnd): void;
  /** Lets the batches under way finish for at most this long; what is not stored then is stored after the next start. */
  stop(graceMs: number): Promise<void>;
}

export interface WriterListener {
  /** The newest batch that the store had already when the thread started. */
  onResumed: (bounds: BatchBounds) => void;
  onCommitted: (bounds: BatchBounds, counts: BatchCounts) => void;
  onFailedAttempt: (failure: FailedAttempt) => void;
  onRepaired: (bounds: BatchBounds, table: string) => void;
  /** The thread ended although nobody stopped it. */
  onEnded: (reason: string) => void;
}

/** What an attempt that began within the grace may take beyond it. */
const LAST_ATTEMPT_MS = 2000;

/** Starts the thread that drains the log. */
export function startWriterThread(settings: WriterSettings, listener: WriterListener): WriterHandle {
  const worker = new Worker(join(import.meta.dirname, "writer-thread.ts"), { workerData: settings });
  const exited = once(worker, "exit");
  let isStopping = false;
  const end = (reason: string) => {
    if (!isStopping) listener.onEnded(reason);
  };
  worker.on("message", (value) => {
    const message = fromWriter.parse(value);
    if (message.kind === "resumed") listener.onResumed(message.bounds);
    else if (message.kind === "committed") listener.onCommitted(message.bounds, message.counts);
    else if (message.kind === "repaired") listener.onRepaired(message.bounds, message.table);
    else if (message.kind === "failed") listener.onFailedAttempt(message.failure);
    else end(message.error ?? "it was stopped");
  });
  worker.on("error", (error) => end(error.message));
  const send = (message: ToWriter) => worker.postMessage(message, []);
  return {
    extend: (durable) => send({ kind: "durable", end: durable }),
    stop: async (graceMs) => {
      isStopping = true;
      send({ kind: "stop", graceMs });
      const timer = setTimeout(() => void worker.terminate(), graceMs + LAST_ATTEMPT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
