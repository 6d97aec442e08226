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
  /** Returns when something lies behind `at`, and then either `bytes` of it do or `lingerMs` have passed; or at the abort. */
  waitBeyond(at: LogOffset, until: { bytes: number; lingerMs: number }): Promise<void>;
}

export function createProgress(signal: AbortSignal): Progress {
  let end: DurableEnd = { segment: 0, offset: 0, nextPosition: 0 };
  let extended = Promise.withResolvers<void>();
  const wake = () => {
    extended.resolve();
    extended = Promise.withResolvers();
  };
  signal.addEventListener("abort", wake);
  const hasBytes = (at: LogOffset, bytes: number) =>
    end.segment > at.segment || (end.segment === at.segment && end.offset - at.offset >= bytes);
  return {
    end: () => end,
    extend: (farther) => {
      end = farther;
      wake();
    },
    waitBeyond: async (at, { bytes, lingerMs }) => {
      while (!hasBytes(at, 1) && !signal.aborted) await extended.promise;
      const lingered = new AbortController();
      const timer = { isOver: false };
      const over = delay(lingerMs, undefined, { signal: lingered.signal }).then(
        () => (timer.isOver = true),
        () => undefined,
      );
      while (!timer.isOver && !signal.aborted && !hasBytes(at, bytes)) await Promise.race([extended.promise, over]);
      lingered.abort();
    },
  };
}
