import { AppError } from "@throughline/schemas/error";
import type { Draft } from "./spool-writer.ts";

interface Append {
  drafts: readonly Draft[];
  done: PromiseWithResolvers<void>;
}

const ENTRY_OVERHEAD_BYTES = 96;

/** Appends that come while the disk is busy are written together, each whole or not at all. */
export function createAppendQueue(parts: {
  /** False when there is no room for so many more bytes. */
  makeRoom: (bytes: number) => Promise<boolean>;
  write: (drafts: readonly Draft[]) => Promise<void>;
}) {
  let queue: Append[] = [];
  const tasks: (() => Promise<void>)[] = [];
  let flushing: Promise<void> | undefined;
  const choose = async (appends: readonly Append[]): Promise<Append[]> => {
    const fitting: Append[] = [];
    let neededBytes = 0;
    for (const append of appends) {
      const bytes = estimateBytes(append.drafts);
      if (await parts.makeRoom(neededBytes + bytes)) {
        fitting.push(append);
        neededBytes += bytes;
      } else append.done.reject(new AppError("unavailable", "The spool has reached its bound."));
    }
    return fitting;
  };
  const flush = async () => {
    while (queue.length > 0 || tasks.length > 0) {
      for (const task of tasks.splice(0)) await task();
      const taken = queue;
      queue = [];
      const fitting = await choose(taken);
      if (fitting.length === 0) continue;
      try {
        await parts.write(fitting.flatMap(({ drafts }) => drafts));
        for (const { done } of fitting) done.resolve();
      } catch (cause) {
        const error = new AppError("unavailable", "The disk of the spool takes nothing.", { cause });
        for (const { done } of fitting) done.reject(error);
      }
    }
    flushing = undefined;
  };
  return {
    add: (drafts: readonly Draft[]): Promise<void> => {
      if (drafts.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      queue.push({ drafts, done });
      flushing ??= flush();
      return done.promise;
    },
    /** Does something while nothing is being written. */
    run: (work: () => Promise<void>): Promise<void> => {
      const done = Promise.withResolvers<void>();
      tasks.push(() => work().then(done.resolve, done.reject));
      flushing ??= flush();
      return done.promise;
    },
    idle: () => flushing ?? Promise.resolve(),
  };
}

function estimateBytes(drafts: readonly Draft[]): number {
  return drafts.reduce(
    (bytes, { toText }) => bytes + Buffer.byteLength(toText(Number.MAX_SAFE_INTEGER)) + ENTRY_OVERHEAD_BYTES,
    0,
  );
}
