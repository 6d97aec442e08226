import { setTimeout as pause } from "node:timers/promises";
import { toPauseMs } from "../forward/back-off.ts";
import type { Unit } from "../run/unit.ts";
import { type Look, createCompleteness } from "./completeness.ts";
import { createUnitGroups } from "./group-units.ts";
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
   * comes behind it in the session may be acknowledged. Who gives several without waiting has them written together, in their order.
   */
  take: (unit: Unit) => Promise<void>;
  /** Everything until this moment is taken, in milliseconds since 1970; of sources that look by themselves. */
  complete: (at: number) => void;
  /** Something that a person should know although reading goes on; undefined: it is over. */
  warn: (warning: string | undefined) => void;
}

/** What is wrong: with the connection, with what it reads, with the disk of the edge. */
interface State {
  failure: string | undefined;
  warning: string | undefined;
  disk: string | undefined;
}

const LOOK_MS = 1000;
const STEADY_MS = 60_000;
/** For a connection to end as it should; one that is dead is left then. */
const STOP_MS = 7000;

/**
 * Keeps a connection to a server: `run` makes one and reads until it breaks or the signal says stop, and is called again after a
 * growing pause. It ends only when nothing of it is being taken any more.
 */
export function keepConnected(parts: SourceParts, run: (session: Session) => Promise<void>): RunningSource {
  const { logger, now } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const completeness = createCompleteness(now);
  const state: State = { failure: undefined, warning: undefined, disk: undefined };
  const takeAll = createPatientTake(parts, { signal, note: (failure) => void (state.disk = failure) });
  const groups = createUnitGroups(takeAll);
  const note = createNotes(state, logger);
  const connectOnce = async (): Promise<{ steadyMs: number; reason: string }> => {
    const looker = createLooker(completeness);
    let connectedAt = Number.POSITIVE_INFINITY;
    const end = (reason: string) => ({ steadyMs: Math.max(0, now() - connectedAt), reason });
    const connected = (look?: Look) => {
      connectedAt = now();
      note({ failure: undefined });
      if (look !== undefined) looker.start(look);
    };
    const takeOne = (unit: Unit) => groups.take(unit).then(completeness.check);
    try {
      await run({
        signal,
        connected,
        take: takeOne,
        complete: completeness.reach,
        warn: (warning) => note({ warning }),
      });
      return end("the server ended the connection");
    } catch (error) {
      return end(toReason(error));
    } finally {
      looker.stop();
    }
  };
  const keep = async () => {
    let failures = 0;
    while (!signal.aborted) {
      const { steadyMs, reason } = await connectOnce();
      if (signal.aborted) return;
      failures = steadyMs >= STEADY_MS ? 1 : failures + 1;
      note({ failure: reason });
      await pause(toPauseMs(failures, undefined, Math.random()), undefined, { signal }).catch(() => undefined);
    }
  };
  const running = keep();
  return {
    completeAt: completeness.completeAt,
    failure: () => state.failure ?? state.disk ?? state.warning,
    stop: async () => {
      stopping.abort();
      const over = new AbortController();
      const late = pause(STOP_MS, "late" as const, { signal: over.signal }).catch(() => undefined);
      if ((await Promise.race([running, late])) === "late")
        logger.warn("A server does not answer any more; its connection is left");
      over.abort();
      await groups.idle();
    },
  };
}

/** Says what changed, once. */
function createNotes(state: State, logger: SourceParts["logger"]) {
  return (change: Partial<State>) => {
    const { failure, warning } = change;
    if ("failure" in change && failure === undefined && state.failure !== undefined)
      logger.info("The source can be read again");
    if (failure !== undefined && failure !== state.failure)
      logger.warn({ reason: failure }, "The source cannot be read; it is tried again");
    if (warning !== undefined && warning !== state.warning) logger.warn({ warning }, "The source needs a look");
    Object.assign(state, change);
  };
}

/** Looks every second how far the server is, while a connection lasts. */
function createLooker(completeness: ReturnType<typeof createCompleteness>) {
  let timer: NodeJS.Timeout | undefined;
  // A connection that cannot answer breaks, and says so itself.
  const lookOnce = (look: Look) => completeness.look(look).catch(() => undefined);
  return {
    start: (look: Look) => {
      clearInterval(timer);
      timer = setInterval(() => void lookOnce(look), LOOK_MS);
    },
    stop: () => {
      clearInterval(timer);
      completeness.forget();
    },
  };
}

/** Tries again and again what cannot be written to disk. */
function createPatientTake(
  { takeAll, logger }: SourceParts,
  { signal, note }: { signal: AbortSignal; note: (failure: string | undefined) => void },
) {
  return async (units: readonly Unit[]): Promise<void> => {
    for (let failures = 1; ; failures++) {
      signal.throwIfAborted();
      try {
        await takeAll(units);
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
