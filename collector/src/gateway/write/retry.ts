import { setTimeout as delay } from "node:timers/promises";
import { ClickHouseError } from "@clickhouse/client";

/** What is known of an attempt that failed. */
export interface FailedAttempt {
  attempt: number;
  message: string;
  /** False when the store itself refused, for a reason that waiting does not cure. */
  isPassing: boolean;
  waitMs: number;
}

export interface RetryOptions {
  signal: AbortSignal;
  onFailure: (failure: FailedAttempt) => void;
}

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 2000;

/** The engine's codes for what passes: too much at once, no memory, no space, not there yet, not reachable. */
const PASSING_CODES = new Set([
  "60",
  "81",
  "159",
  "164",
  "202",
  "203",
  "209",
  "210",
  "236",
  "241",
  "242",
  "243",
  "252",
  "319",
  "394",
  "425",
  "473",
  "516",
  "999",
  "1000",
]);

/** Calls `action` until it succeeds, with growing pauses, for ever. Throws only when the signal ends it. */
export async function retryForEver<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      options.signal.throwIfAborted();
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10), MAX_WAIT_MS) * (0.5 + Math.random() / 2);
      options.onFailure({ attempt, message: toMessage(error), isPassing: isPassing(error), waitMs });
      await delay(waitMs, undefined, { signal: options.signal });
    }
  }
}

function isPassing(error: unknown): boolean {
  return !(error instanceof ClickHouseError) || PASSING_CODES.has(error.code);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
