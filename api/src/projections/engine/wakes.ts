import { type LegRow, toLegKey } from "../legs/leg-row.ts";
import { isSameWake } from "../legs/leg-state.ts";
import { type WakeClock, createWaitingLegs } from "./waiting-legs.ts";

/** The legs whose verdict changes by itself, ordered by what they wait for. */
export interface Wakes {
  /**
   * Replaces what is known of a leg; a row without a wake condition is forgotten. So is one that wakes beyond the horizon,
   * since it is read again when that moves on, unless the store does not hold it as it is.
   */
  set: (row: LegRow, isStored?: boolean) => void;
  forget: (row: LegRow) => void;
  /** From now on notes what is set and forgotten, so that rows read meanwhile can be adopted; returns how to end that. */
  startAdopting: () => () => void;
  /** Takes in a row as the store held it when adopting started, unless more is known of the leg. */
  adopt: (row: LegRow) => void;
  /** Takes out up to `max` rows whose time has come or whose source's watermark has passed, the most critical first. */
  takeDue: (clock: WakeClock, max: number) => LegRow[];
  hasDue: (clock: WakeClock) => boolean;
  /** Sources whose watermarks are waited for. */
  sources: () => string[];
  size: () => number;
  /**
   * Forgets of what the store holds the legs that wake last, so that about `keep` stay, but none that wakes by `floor`.
   * Returns the time up to which all are held still, in milliseconds since 1970 UTC; the horizon may not be later.
   */
  shrink: (keep: number, floor: number) => number;
}

const MINUTE_MS = 60_000;

/** `horizon` is the latest time that is kept of what the store holds; later ones are read when it moves on. */
export function createWakes(horizon: () => number): Wakes {
  const current = new Map<string, LegRow>();
  /** Keys of legs whose wait the store does not hold as it is. */
  const unstored = new Set<string>();
  const waiting = createWaitingLegs(({ key, row }) => current.get(key) === row);
  let changed: Set<string> | undefined;
  const drop = (key: string) => {
    current.delete(key);
    unstored.delete(key);
  };
  const isStillUnstored = (key: string, row: LegRow) =>
    unstored.has(key) && isSameWake(current.get(key)?.wake, row.wake);
  return {
    set: (row, isStored = true) => {
      const key = toLegKey(row);
      changed?.add(key);
      const isUnstored = !isStored || isStillUnstored(key, row);
      if (row.wake === undefined || (!isUnstored && wakesAfter(row, horizon()))) {
        drop(key);
        return;
      }
      current.set(key, row);
      if (isUnstored) unstored.add(key);
      else unstored.delete(key);
      waiting.add(key, row, row.wake);
    },
    forget: (row) => {
      const key = toLegKey(row);
      changed?.add(key);
      drop(key);
    },
    startAdopting: () => {
      changed = new Set();
      return () => void (changed = undefined);
    },
    adopt: (row) => {
      const key = toLegKey(row);
      if (row.wake === undefined || wakesAfter(row, horizon())) return;
      if (current.has(key) || changed?.has(key) === true) return;
      current.set(key, row);
      waiting.add(key, row, row.wake);
    },
    takeDue: (clock, max) =>
      waiting.takeDue(clock, max).map(({ key, row }) => {
        drop(key);
        return row;
      }),
    hasDue: waiting.hasDue,
    sources: waiting.sources,
    size: () => current.size,
    shrink: (keep, floor) => {
      const until = Math.max(floor, findTimeOf(current.values(), keep));
      for (const [key, row] of current) if (wakesAfter(row, until) && !unstored.has(key)) current.delete(key);
      waiting.prune();
      return until;
    },
  };
}

function wakesAfter({ wake }: LegRow, timeMs: number): boolean {
  return wake !== undefined && "at" in wake && wake.at > timeMs;
}

/** The end of the last whole minute by which no more than `count` of the rows wake by time. */
function findTimeOf(rows: Iterable<LegRow>, count: number): number {
  const wakingIn = new Map<number, number>();
  for (const { wake } of rows) {
    if (wake === undefined || !("at" in wake)) continue;
    const minute = Math.floor(wake.at / MINUTE_MS);
    wakingIn.set(minute, (wakingIn.get(minute) ?? 0) + 1);
  }
  let sum = 0;
  for (const [minute, waking] of [...wakingIn].toSorted(([a], [b]) => a - b)) {
    sum += waking;
    if (sum > count) return minute * MINUTE_MS - 1;
  }
  return Infinity;
}
