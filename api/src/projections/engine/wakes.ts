import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { type LegRow, toLegKey } from "../legs/leg-row.ts";
import { type WakeEntry, type WakeLane, type WakeQueue, createWakeQueue } from "./wake-queue.ts";

interface DueRows {
  rows: LegRow[];
  max: number;
}

/** The legs whose verdict changes by itself, ordered by what they wait for. */
export interface Wakes {
  /** Replaces what is known of a leg; a row without a wake condition is forgotten. */
  set: (row: LegRow) => void;
  forget: (row: LegRow) => void;
  /** Takes out up to `max` rows whose time has come or whose source's watermark has passed, the most critical first. */
  takeDue: (clock: { now: number; watermarkOf: (source: string) => number }, max: number) => LegRow[];
  hasDue: (clock: { now: number; watermarkOf: (source: string) => number }) => boolean;
  /** Sources whose watermarks are waited for. */
  sources: () => string[];
  size: () => number;
}

/** `horizon` is the latest time that is kept; later ones are read from the store when it moves on. */
export function createWakes(horizon: () => number): Wakes {
  const current = new Map<string, LegRow>();
  const byTime = createWakeQueue();
  const bySource = new Map<string, WakeQueue>();

  const skipStale = (queue: WakeLane): WakeEntry | undefined => {
    for (let entry = queue.peek(); entry !== undefined; entry = queue.peek()) {
      if (current.get(entry.key) === entry.row) return entry;
      queue.pop();
    }
    return undefined;
  };
  const takeFrom = (queue: WakeLane | undefined, isDue: (at: number) => boolean, due: DueRows) => {
    if (queue === undefined) return;
    for (
      let entry = skipStale(queue);
      entry && isDue(entry.at) && due.rows.length < due.max;
      entry = skipStale(queue)
    ) {
      queue.pop();
      current.delete(entry.key);
      due.rows.push(entry.row);
    }
  };
  return {
    set: (row) => {
      const key = toLegKey(row);
      const { wake } = row;
      if (wake === undefined || ("at" in wake && wake.at > horizon())) {
        current.delete(key);
        return;
      }
      current.set(key, row);
      if ("at" in wake) {
        byTime.push({ at: wake.at, key, row });
        return;
      }
      const queue = bySource.get(wake.source) ?? createWakeQueue();
      bySource.set(wake.source, queue);
      queue.push({ at: wake.watermark, key, row });
    },
    forget: (row) => void current.delete(toLegKey(row)),
    takeDue: ({ now, watermarkOf }, max) => {
      const due: DueRows = { rows: [], max };
      for (const rank of CRITICALITIES.keys()) {
        takeFrom(byTime.lanes[rank], (at) => at <= now, due);
        for (const [source, { lanes }] of bySource) takeFrom(lanes[rank], (at) => at < watermarkOf(source), due);
      }
      return due.rows;
    },
    hasDue: ({ now, watermarkOf }) => {
      if (byTime.lanes.some((lane) => (skipStale(lane)?.at ?? Infinity) <= now)) return true;
      return [...bySource].some(([source, { lanes }]) =>
        lanes.some((lane) => (skipStale(lane)?.at ?? Infinity) < watermarkOf(source)),
      );
    },
    sources: () =>
      [...bySource].filter(([, { lanes }]) => lanes.some(({ length }) => length > 0)).map(([source]) => source),
    size: () => current.size,
  };
}
