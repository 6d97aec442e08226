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
}

/** `horizon` is the latest time that is kept of what the store holds; later ones are read when it moves on. */
export function createWakes(horizon: () => number): Wakes {
  const current = new Map<string, LegRow>();
  const waiting = createWaitingLegs(({ key, row }) => current.get(key) === row);
  let changed: Set<string> | undefined;
  const isKept = (row: LegRow, known: LegRow | undefined): boolean =>
    row.wake !== undefined &&
    (!("at" in row.wake) || row.wake.at <= horizon() || (known !== undefined && isSameWake(known.wake, row.wake)));
  return {
    set: (row, isStored = true) => {
      const key = toLegKey(row);
      changed?.add(key);
      if (row.wake === undefined || (isStored && !isKept(row, current.get(key)))) {
        current.delete(key);
        return;
      }
      current.set(key, row);
      waiting.add(key, row, row.wake);
    },
    forget: (row) => {
      const key = toLegKey(row);
      changed?.add(key);
      current.delete(key);
    },
    startAdopting: () => {
      changed = new Set();
      return () => void (changed = undefined);
    },
    adopt: (row) => {
      const key = toLegKey(row);
      if (row.wake === undefined || current.has(key) || changed?.has(key) === true) return;
      current.set(key, row);
      waiting.add(key, row, row.wake);
    },
    takeDue: (clock, max) =>
      waiting.takeDue(clock, max).map(({ key, row }) => {
        current.delete(key);
        return row;
      }),
    hasDue: waiting.hasDue,
    sources: waiting.sources,
    size: () => current.size,
  };
}
