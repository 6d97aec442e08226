import type { Logger } from "pino";
import type { DurableEnd } from "./log/segment-writer.ts";
import type { BatchBounds } from "./write/batch-journal.ts";
import type { FailedAttempt } from "./write/retry.ts";

/** What is known of the way from the log into the store. */
export interface WriteProgress {
  durable(end: DurableEnd): void;
  committed(bounds: BatchBounds): void;
  failed(failure: FailedAttempt): void;
  repaired(batch: number, table: string): void;
  ended(reason: string): void;
  oldestUnwrittenSeconds(): number;
  /** Why rows do not reach the store, in words; undefined when they do. */
  trouble(): string | undefined;
}

const FIRST_POSITION = 1;
const LOG_EVERY_ATTEMPTS = 10;

export function createWriteProgress(logger: Logger): WriteProgress {
  const waiting: { nextPosition: number; atMs: number }[] = [];
  let trouble: string | undefined;
  return {
    durable: ({ nextPosition }) => {
      const last = waiting.at(-1);
      if (nextPosition === (last?.nextPosition ?? FIRST_POSITION)) return;
      const atMs = performance.now();
      if (last && atMs - last.atMs < 1000 && waiting.length > 1) last.nextPosition = nextPosition;
      else waiting.push({ nextPosition, atMs });
    },
    committed: ({ lastPosition }) => {
      while (waiting[0] && waiting[0].nextPosition <= lastPosition + 1) waiting.shift();
      if (trouble !== undefined) logger.info("The store takes what was waiting");
      trouble = undefined;
    },
    failed: ({ attempt, message, isPassing, waitMs }) => {
      trouble = isPassing ? `The store does not answer: ${message}` : `The store refuses a batch: ${message}`;
      const about = { attempt, waitMs: Math.round(waitMs) };
      if (!isPassing) logger.error(about, trouble);
      else if (attempt % LOG_EVERY_ATTEMPTS === 1) logger.warn(about, trouble);
    },
    repaired: (batch, table) => logger.warn({ batch, table }, "Rows that the engine had lost were stored again"),
    ended: (reason) => {
      trouble = `The writer has ended: ${reason}`;
      logger.error(trouble);
    },
    oldestUnwrittenSeconds: () => (waiting[0] ? (performance.now() - waiting[0].atMs) / 1000 : 0),
    trouble: () => trouble,
  };
}
