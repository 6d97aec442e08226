import { type LegRow, toLegKey } from "../legs/leg-row.ts";
import { isSameWake, type Wake } from "../legs/leg-state.ts";
import { forgetTimes, forgetWatermarks } from "./forget-waits.ts";
import { type WakeClock, createWaitingLegs } from "./waiting-legs.ts";

/** The legs whose verdict changes by itself, ordered by what they wait for. */
export interface Wakes {
  /**
   * Replaces what is known of a leg; a row without a wake condition is forgotten. So is one that wakes beyond the horizon,
   * or beyond what is held of its source, since it is read again when that moves on, unless the store does not hold it as it is.
   */
  set: (row: LegRow, isStored?: boolean) => void;
  forget: (row: LegRow) => void;
  /** From now on notes what is set and forgotten, so that rows read meanwhile can be adopted; returns how to end that. */
  startAdopting: () => () => void;
  /** Takes in a row as the store held it when adopting started, or with `isFresh` holds it now, unless more is known of the leg. */
  adopt: (row: LegRow, isFresh?: boolean) => void;
  /** Takes out up to `max` rows whose time has come or whose source's watermark has passed, the most critical first. */
  takeDue: (clock: WakeClock, max: number) => LegRow[];
  hasDue: (clock: WakeClock) => boolean;
  /** Sources whose watermarks are waited for. */
  sources: () => string[];
  /** The least watermark of a source that is waited for; undefined where none is. */
  findNext: (source: string) => number | undefined;
  size: () => number;
  /**
   * Forgets of what the store holds the legs that wake last, so that about `keep` stay, but none that wakes by `floor`.
   * Returns the time up to which all are held still, in milliseconds since 1970 UTC; the horizon may not be later.
   */
  shrink: (keep: number, floor: number) => number;
  /**
   * Forgets of what the store holds the legs that wait for the greatest watermarks, so that about `keep` of those that
   * wait for one stay, as many for each source, at least those of its first minute, and none that waits for less than its
   * floor. Returns, for the sources of which not all are held any more, the greatest watermark up to which they are.
   */
  shrinkSources: (keep: number, floorOf: (source: string) => number) => Map<string, number>;
}

const UNBOUNDED = () => Infinity;

/**
 * `horizon` is the latest time that is kept of what the store holds, `boundOf` the greatest watermark of a source; what is
 * later is read when that moves on.
 */
export function createWakes(horizon: () => number, boundOf: (source: string) => number = UNBOUNDED): Wakes {
  const isBeyond = ({ wake }: LegRow) => wake !== undefined && isLater(wake, { horizon, boundOf });
  const current = new Map<string, LegRow>();
  /** Keys of legs whose wait the store does not hold as it is. */
  const unstored = new Set<string>();
  const held = { current, unstored };
  const waiting = createWaitingLegs(({ key, row }) => current.get(key) === row);
  const pruned = <Result>(result: Result): Result => {
    waiting.prune();
    return result;
  };
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
      if (row.wake === undefined || (!isUnstored && isBeyond(row))) {
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
    adopt: (row, isFresh = false) => {
      const key = toLegKey(row);
      if (row.wake === undefined || isBeyond(row)) return;
      if (current.has(key) || (!isFresh && changed?.has(key) === true)) return;
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
    findNext: waiting.findNext,
    size: () => current.size,
    shrink: (keep, floor) => pruned(forgetTimes(held, { keep, floor })),
    shrinkSources: (keep, floorOf) => pruned(forgetWatermarks(held, { keep, floorOf })),
  };
}

function isLater(wake: Wake, { horizon, boundOf }: { horizon: () => number; boundOf: (source: string) => number }) {
  return "at" in wake ? wake.at > horizon() : wake.watermark > boundOf(wake.source);
}
