import { setTimeout as delay } from "node:timers/promises";

/** The time by which a trade is told. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Throws when the signal comes before the time is over. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The clock of the machine, set to another time where one is given. */
export function createClock(startsAt = Date.now()): Clock {
  const offsetMs = startsAt - Date.now();
  return {
    now: () => Date.now() + offsetMs,
    wait: (ms, signal) => delay(ms, undefined, { signal }),
  };
}

/**
 * When something is due that was sent at a time of the trade. History passes so many times faster than the clock until it is
 * now; what follows is told when it happens. At an infinite speed all of history is due at once.
 */
export function toDueAt(
  sendAt: number,
  { startedAt, from, speed }: { startedAt: number; from: number; speed: number },
): number {
  return Math.max(sendAt, startedAt + (sendAt - from) / speed);
}
