import TinyQueue from "tinyqueue";
import { type LegRow, toLegKey } from "../legs/leg-row.ts";

interface Entry {
  at: number;
  key: string;
  row: LegRow;
}

interface DueRows {
  rows: LegRow[];
  max: number;
}

/** The legs whose verdict changes by itself, ordered by what they wait for. */
export interface Wakes {
  /** Replaces what is known of a leg; a row without a wake condition is forgotten. */
  set: (row: LegRow) => void;
  forget: (row: LegRow) => void;
  /** Takes out up to `max` rows whose time has come or whose source's watermark has passed. */
  takeDue: (clock: { now: number; watermarkOf: (source: string) => number }, max: number) => LegRow[];
  hasDue: (clock: { now: number; watermarkOf: (source: string) => number }) => boolean;
  /** Sources whose watermarks are waited for. */
  sources: () => string[];
  size: () => number;
}

/** `horizon` is the latest time that is kept; later ones are read from the store when it moves on. */
export function createWakes(horizon: () => number): Wakes {
  const current = new Map<string, LegRow>();
  const byTime = new TinyQueue<Entry>([], (a, b) => a.at - b.at);
  const bySource = new Map<string, TinyQueue<Entry>>();

  const skipStale = (queue: TinyQueue<Entry>): Entry | undefined => {
    for (let entry = queue.peek(); entry !== undefined; entry = queue.peek()) {
      if (current.get(entry.key) === entry.row) return entry;
      queue.pop();
    }
    return undefined;
  };
  const takeFrom = (queue: TinyQueue<Entry>, isDue: (at: number) => boolean, due: DueRows) => {
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
      const queue = bySource.get(wake.source) ?? new TinyQueue<Entry>([], (a, b) => a.at - b.at);
      bySource.set(wake.source, queue);
      queue.push({ at: wake.watermark, key, row });
    },
    forget: (row) => void current.delete(toLegKey(row)),
    takeDue: ({ now, watermarkOf }, max) => {
      const due: DueRows = { rows: [], max };
      takeFrom(byTime, (at) => at <= now, due);
      for (const [source, queue] of bySource) takeFrom(queue, (at) => at < watermarkOf(source), due);
      return due.rows;
    },
    hasDue: ({ now, watermarkOf }) => {
      const first = skipStale(byTime);
      if (first && first.at <= now) return true;
      return [...bySource].some(([source, queue]) => {
        const entry = skipStale(queue);
        return entry !== undefined && entry.at < watermarkOf(source);
      });
    },
    sources: () => [...bySource].filter(([, queue]) => queue.length > 0).map(([source]) => source),
    size: () => current.size,
  };
}
