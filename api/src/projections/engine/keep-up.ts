import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 100;
/** Between two questions whether another projection still wants the machine: asking takes something of it. */
const GIVE_WAY_MS = 500;
const MAX_BACKOFF_MS = 15_000;

/** A projection that is carried on one step at a time. */
export interface SteppedProjector {
  /** Runs the next step; false when there is nothing to do yet. After an error the projector must be opened again. */
  advance: () => Promise<boolean>;
  /** Whether another projection should have the machine now; without it, never. */
  mustGiveWay?: () => Promise<boolean>;
  close: () => Promise<void>;
}

export interface Projector {
  stop: () => Promise<void>;
}

/** Keeps a projection up to date until it is stopped. `onError` hears of each failure, after which it is opened again. */
export function startKeepingUp(open: () => Promise<SteppedProjector>, onError: (error: unknown) => void): Projector {
  const stopping = new AbortController();
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const keepUp = async () => {
    const projector = await open();
    try {
      while (!stopping.signal.aborted) {
        if (await projector.mustGiveWay?.()) await pause(GIVE_WAY_MS);
        else if (!(await projector.advance())) await pause(POLL_MS);
      }
    } finally {
      await projector.close();
    }
  };
  const run = async () => {
    for (let backoffMs = POLL_MS; !stopping.signal.aborted; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      try {
        await keepUp();
      } catch (error) {
        onError(error);
        await pause(backoffMs);
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
