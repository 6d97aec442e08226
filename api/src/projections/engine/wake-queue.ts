import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import TinyQueue from "tinyqueue";
import type { LegRow } from "../legs/leg-row.ts";

const BUCKET_MS = 60_000;

export interface WakeEntry {
  /** The time or watermark that the leg waits for, in milliseconds since 1970 UTC. */
  at: number;
  key: string;
  row: LegRow;
}

/** Entries in the order of their times, and of their keys where these are equal: the same whoever came first. */
export interface WakeLane {
  push: (entry: WakeEntry) => void;
  peek: () => WakeEntry | undefined;
  pop: () => WakeEntry | undefined;
  isEmpty: () => boolean;
  /** Keeps those entries only that it `holds`. */
  keep: (holds: (entry: WakeEntry) => boolean) => void;
}

/** Legs by what they wait for, in a lane for each criticality, so that of those that are due the critical come first. */
export interface WakeQueue {
  push: (entry: WakeEntry) => void;
  /** The most critical first, one for each of `CRITICALITIES`. */
  lanes: readonly WakeLane[];
}

export function createWakeQueue(): WakeQueue {
  const lanes = CRITICALITIES.map(() => createWakeLane());
  const rankOf = new Map<string, number>(CRITICALITIES.map((criticality, rank) => [criticality, rank]));
  return { push: (entry) => lanes[rankOf.get(entry.row.criticality) ?? lanes.length - 1]?.push(entry), lanes };
}

/**
 * Entries lie unsorted in buckets of a minute, and a bucket is sorted when its minute comes: a heap of a million entries
 * would be walked from top to bottom for each that is taken.
 */
function createWakeLane(): WakeLane {
  const buckets = new Map<number, WakeEntry[]>();
  const order = new TinyQueue<number>();
  let sorted: number | undefined;
  const findFirst = (): WakeEntry[] | undefined => {
    for (let bucket = order.peek(); bucket !== undefined; bucket = order.peek()) {
      const entries = buckets.get(bucket);
      if (entries !== undefined && entries.length > 0) {
        if (sorted !== bucket) entries.sort(compareFromLast);
        sorted = bucket;
        return entries;
      }
      buckets.delete(bucket);
      order.pop();
    }
    return undefined;
  };
  return {
    push: (entry) => {
      const bucket = Math.floor(entry.at / BUCKET_MS);
      if (sorted === bucket) sorted = undefined;
      const entries = buckets.get(bucket);
      if (entries !== undefined) {
        entries.push(entry);
        return;
      }
      buckets.set(bucket, [entry]);
      order.push(bucket);
    },
    peek: () => findFirst()?.at(-1),
    pop: () => findFirst()?.pop(),
    isEmpty: () => findFirst() === undefined,
    keep: (holds) => {
      for (const [bucket, entries] of buckets) buckets.set(bucket, entries.filter(holds));
    },
  };
}

function compareFromLast(a: WakeEntry, b: WakeEntry): number {
  return b.at - a.at || (a.key < b.key ? 1 : -1);
}
