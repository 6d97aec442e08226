import { setTimeout as delay } from "node:timers/promises";
import type { DurableEnd } from "../log/segment-writer.ts";

/** A place in the log. */
export interface LogOffset {
  segment: number;
  offset: number;
}

/** How far the log is on disk, for one who waits until it is farther. */
export interface Progress {
  end(): DurableEnd;
  extend(end: DurableEnd): void;
  /**
   * Returns when enough lies behind `at` for a batch: `bytes`, or anything at all that has waited `lingerMs`. When much has
   * come by then it waits up to four times as long, since few large batches cost the store far less than many small
   * ones. Returns at the abort.
   */
  waitBeyond(at: LogOffset, until: { bytes: number; lingerMs: number }): Promise<void>;
}

/** So much of a full batch after `lingerMs` means that much is coming. */
const BUSY_SHARE = 1 / 12;
const BUSY_LINGERS = 4;

export function createProgress(signal: AbortSignal): Progress {
  let end: DurableEnd = { segment: 0, offset: 0, nextPosition: 0 };
  let lastReturn = 0;
  let extended = Promise.withResolvers<void>();
  const wake = () => {
    extended.resolve();
    extended = Promise.withResolvers();
  };
  signal.addEventListener("abort", wake);
  /** Waits until a moment, or until there is enough. */
  const linger = async (until: number, isEnough: () => boolean) => {
    const ended = new AbortController();
    const timer = { isOver: false };
    const over = delay(Math.max(0, until - performance.now()), undefined, { signal: ended.signal }).then(
      () => (timer.isOver = true),
      () => undefined,
    );
    while (!timer.isOver && !signal.aborted && !isEnough()) await Promise.race([extended.promise, over]);
    ended.abort();
  };
  const hasBytes = (at: LogOffset, bytes: number) =>
    end.segment > at.segment || (end.segment === at.segment && end.offset - at.offset >= bytes);
  return {
    end: () => end,
    extend: (farther) => {
      end = farther;
      wake();
    },
    waitBeyond: async (at, { bytes, lingerMs }) => {
      const hasWaited = hasBytes(at, 1);
      while (!hasBytes(at, 1) && !signal.aborted) await extended.promise;
      const since = hasWaited ? lastReturn : performance.now();
      await linger(since + lingerMs, () => hasBytes(at, bytes));
      if (hasBytes(at, bytes * BUSY_SHARE)) await linger(since + lingerMs * BUSY_LINGERS, () => hasBytes(at, bytes));
      lastReturn = performance.now();
    },
  };
}
