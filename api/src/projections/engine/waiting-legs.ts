import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import type { LegRow } from "../legs/leg-row.ts";
import type { Wake } from "../legs/leg-state.ts";
import { type WakeEntry, type WakeLane, type WakeQueue, createWakeQueue } from "./wake-queue.ts";

/** What time it is, and up to when each source is complete; both in milliseconds since 1970 UTC. */
export interface WakeClock {
  now: number;
  watermarkOf: (source: string) => number;
}

/** Legs in the order in which their times and watermarks come. An entry that no longer holds is skipped. */
export interface WaitingLegs {
  add: (key: string, row: LegRow, wake: Wake) => void;
  /** Takes out up to `max` whose time has come or whose source's watermark has passed, the most critical first. */
  takeDue: (clock: WakeClock, max: number) => WakeEntry[];
  hasDue: (clock: WakeClock) => boolean;
  /** Sources whose watermarks are waited for, by name. */
  sources: () => string[];
  /** The least watermark of a source that is waited for; undefined where none is. */
  findNext: (source: string) => number | undefined;
  /** Lets go of entries that no longer hold, before their time comes. */
  prune: () => void;
}

/** `holds` says whether an entry is still the last word on its leg. */
export function createWaitingLegs(holds: (entry: WakeEntry) => boolean): WaitingLegs {
  const byTime = createWakeQueue();
  const bySource = new Map<string, WakeQueue>();
  const listSources = () => [...bySource].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const findFirst = (lane: WakeLane): WakeEntry | undefined => {
    for (let entry = lane.peek(); entry !== undefined; entry = lane.peek()) {
      if (holds(entry)) return entry;
      lane.pop();
    }
    return undefined;
  };
  const take = (lane: WakeLane | undefined, isDue: (at: number) => boolean, { due, max }: Taken) => {
    if (lane === undefined) return;
    for (let entry = findFirst(lane); entry && isDue(entry.at) && due.length < max; entry = findFirst(lane)) {
      lane.pop();
      due.push(entry);
    }
  };
  return {
    add: (key, row, wake) => {
      if ("at" in wake) {
        byTime.push({ at: wake.at, key, row });
        return;
      }
      const queue = bySource.get(wake.source) ?? createWakeQueue();
      bySource.set(wake.source, queue);
      queue.push({ at: wake.watermark, key, row });
    },
    takeDue: ({ now, watermarkOf }, max) => {
      const taken: Taken = { due: [], max };
      for (const rank of CRITICALITIES.keys()) {
        take(byTime.lanes[rank], (at) => at <= now, taken);
        for (const [source, { lanes }] of listSources()) take(lanes[rank], (at) => at < watermarkOf(source), taken);
      }
      return taken.due;
    },
    hasDue: ({ now, watermarkOf }) => {
      if (byTime.lanes.some((lane) => (findFirst(lane)?.at ?? Infinity) <= now)) return true;
      return [...bySource].some(([source, { lanes }]) =>
        lanes.some((lane) => (findFirst(lane)?.at ?? Infinity) < watermarkOf(source)),
      );
    },
    sources: () =>
      listSources()
        .filter(([, { lanes }]) => lanes.some((lane) => !lane.isEmpty()))
        .map(([source]) => source),
    findNext: (source) => {
      const firsts = (bySource.get(source)?.lanes ?? []).flatMap((lane) => findFirst(lane)?.at ?? []);
      return firsts.length === 0 ? undefined : Math.min(...firsts);
    },
    prune: () => {
      for (const { lanes } of [byTime, ...bySource.values()]) for (const lane of lanes) lane.keep(holds);
    },
  };
}

interface Taken {
  due: WakeEntry[];
  max: number;
}
