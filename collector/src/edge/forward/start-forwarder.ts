import { setTimeout as pause } from "node:timers/promises";
import type { Spool } from "../spool/open-spool.ts";
import { toPauseMs } from "./back-off.ts";
import type { PostEvents, PostOutcome } from "./post-events.ts";

/** What became of the requests so far. */
export interface ForwardState {
  forwarded: number;
  refused: number;
  /** Failures in a row; 0 while all is well. */
  failures: number;
  /** Why the last request failed; undefined while all is well. */
  failure: string | undefined;
  /** No waiting can mend it: a wrong key, a wrong address. */
  needsPerson: boolean;
  /** When the gateway last took something, in milliseconds since 1970. */
  takenAt: number | undefined;
}

/** An event that the gateway refused, as it was sent, with the gateway's reason. */
export interface RefusedEvent {
  text: string;
  reason: string;
}

const BATCH_ENTRIES = 500;
/** How long the first event waits for others: a request costs more than many events. */
const LINGER_MS = 500;

/**
 * Takes events from a spool to the gateway, one request at a time and in order, until it is stopped. What is refused is kept before the
 * cursor moves on, so that a crash repeats it rather than loses it.
 */
export function startForwarder(parts: {
  spool: Spool;
  post: PostEvents;
  keep: (refused: readonly RefusedEvent[]) => Promise<void>;
  now: () => number;
  /** Told of the first failure in a row and of the first success behind it. */
  onChange: (state: ForwardState) => void;
}) {
  const { spool, post, keep } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const progress = createProgress({ ...parts, signal });
  const { state, fail } = progress;
  /** Returns what was refused, when the gateway has accounted for every event. */
  const send = async (events: readonly string[]): Promise<RefusedEvent[]> => {
    for (;;) {
      const outcome: PostOutcome = await post(events, signal);
      signal.throwIfAborted();
      if (outcome.kind === "retry") {
        await fail(outcome.reason, outcome);
        continue;
      }
      progress.succeed();
      if (outcome.kind === "done")
        return outcome.refusals.map(({ index, reason }) => ({ text: events[index] ?? "", reason }));
      if (events.length === 1) return [{ text: events[0] ?? "", reason: outcome.reason }];
      const middle = Math.ceil(events.length / 2);
      const first = await send(events.slice(0, middle));
      return [...first, ...(await send(events.slice(middle)))];
    }
  };
  const forward = async () => {
    await spool.whenWaiting(signal);
    if (spool.state().waitingEntries < BATCH_ENTRIES) await pause(LINGER_MS, undefined, { signal });
    const batch = await spool.read(BATCH_ENTRIES);
    if (batch === undefined) return fail("the spool cannot be read", { needsPerson: true });
    const refused = await send(batch.entries);
    if (refused.length > 0) await keep(refused);
    await spool.advance(batch);
    state.forwarded += batch.entries.length - refused.length;
    state.refused += refused.length;
  };
  const run = async () => {
    while (!signal.aborted) {
      try {
        await forward();
      } catch {
        if (!signal.aborted) await fail("the disk takes nothing", { needsPerson: true }).catch(() => undefined);
      }
    }
  };
  const running = run();
  return {
    state: (): ForwardState => ({ ...state }),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Counts failures, and waits as long as they ask for. */
function createProgress({
  now,
  onChange,
  signal,
}: {
  now: () => number;
  onChange: (state: ForwardState) => void;
  signal: AbortSignal;
}) {
  const state: ForwardState = {
    forwarded: 0,
    refused: 0,
    failures: 0,
    failure: undefined,
    needsPerson: false,
    takenAt: undefined,
  };
  return {
    state,
    fail: async (reason: string, asked: { afterMs?: number | undefined; needsPerson: boolean }) => {
      state.failures++;
      const isNews = state.failure !== reason;
      state.failure = reason;
      state.needsPerson = asked.needsPerson;
      if (isNews) onChange(state);
      await pause(toPauseMs(state.failures, asked.afterMs, Math.random()), undefined, { signal });
    },
    succeed: () => {
      const isNews = state.failures > 0;
      Object.assign(state, { failures: 0, failure: undefined, needsPerson: false, takenAt: now() });
      if (isNews) onChange(state);
    },
  };
}
