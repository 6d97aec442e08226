import { setTimeout as pause } from "node:timers/promises";
import { toPauseMs } from "../forward/back-off.ts";
import type { Unit } from "../run/intake.ts";
import { type Look, createCompleteness } from "./completeness.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { toReason } from "./to-reason.ts";

/** One connection to a server, from being made until it breaks or the source is stopped. */
export interface Session {
  /** Aborted when the source is stopped. */
  signal: AbortSignal;
  /** The server takes part: what was wrong is over. */
  connected: (look?: Look) => void;
  /**
   * Returns once the unit is on disk; while the disk takes nothing it waits and tries again. Rejects only when stopped, so whatever
   * comes behind it in the session may be acknowledged.
   */
  take: (unit: Unit) => Promise<void>;
  /** Something that a person should know although reading goes on; undefined: it is over. */
  warn: (warning: string | undefined) => void;
}

const LOOK_MS = 1000;
const STEADY_MS = 60_000;

/**
 * Keeps a connection to a server: `run` makes one and reads until it breaks or the signal says stop, and is called again after a
 * growing pause. It ends only when nothing of it is being taken any more.
 */
export function keepConnected(parts: SourceParts, run: (session: Session) => Promise<void>): RunningSource {
  const { logger, now } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const completeness = createCompleteness(now);
  const state: { failure?: string | undefined; warning?: string | undefined; disk?: string | undefined } = {};
  const take = createPatientTake(parts, { signal, note: (failure) => void (state.disk = failure) });
  const connectOnce = async (): Promise<{ steadyMs: number; reason: string }> => {
    const looking = { timer: undefined as NodeJS.Timeout | undefined };
    let connectedAt: number | undefined;
    try {
      await run({
        signal,
        connected: (look) => {
          connectedAt = now();
          if (state.failure !== undefined) logger.info("The source can be read again");
          state.failure = undefined;
          if (look !== undefined) looking.timer = setInterval(() => void lookOnce(look), LOOK_MS);
        },
        take: async (unit) => {
          await take(unit);
          completeness.check();
        },
        warn: (warning) => {
          if (warning !== undefined && warning !== state.warning) logger.warn({ warning }, "The source needs a look");
          state.warning = warning;
        },
      });
      return { steadyMs: now() - (connectedAt ?? now()), reason: "the server ended the connection" };
    } catch (error) {
      return { steadyMs: now() - (connectedAt ?? now()), reason: toReason(error) };
    } finally {
      clearInterval(looking.timer);
      completeness.forget();
    }
  };
  // A connection that cannot answer breaks, and says so itself.
  const lookOnce = (look: Look) => completeness.look(look).catch(() => undefined);
  const keep = async () => {
    let failures = 0;
    while (!signal.aborted) {
      const { steadyMs, reason } = await connectOnce();
      if (signal.aborted) return;
      failures = steadyMs >= STEADY_MS ? 1 : failures + 1;
      if (reason !== state.failure) logger.warn({ reason }, "The source cannot be read; it is tried again");
      state.failure = reason;
      await pause(toPauseMs(failures, undefined, Math.random()), undefined, { signal }).catch(() => undefined);
    }
  };
  const running = keep();
  return {
    completeAt: completeness.completeAt,
    failure: () => state.failure ?? state.disk ?? state.warning,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Tries again and again what cannot be written to disk. */
function createPatientTake(
  { take, logger }: SourceParts,
  { signal, note }: { signal: AbortSignal; note: (failure: string | undefined) => void },
) {
  return async (unit: Unit): Promise<void> => {
    for (let failures = 1; ; failures++) {
      signal.throwIfAborted();
      try {
        await take(unit);
        if (failures > 1) note(undefined);
        return;
      } catch (error) {
        signal.throwIfAborted();
        const reason = toReason(error);
        if (failures === 1) logger.warn({ reason }, "What was read cannot be kept; it is tried again");
        note(`what was read cannot be kept: ${reason}`);
        await pause(toPauseMs(failures, undefined, Math.random()), undefined, { signal });
      }
    }
  };
}
