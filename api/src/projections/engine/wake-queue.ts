import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import TinyQueue from "tinyqueue";
import type { LegRow } from "../legs/leg-row.ts";

export interface WakeEntry {
  /** The time or watermark that the leg waits for. */
  at: number;
  key: string;
  row: LegRow;
}

export type WakeLane = TinyQueue<WakeEntry>;

/** Legs by what they wait for, in a lane for each criticality, so that of those that are due the critical come first. */
export interface WakeQueue {
  push: (entry: WakeEntry) => void;
  /** The most critical first, one for each of `CRITICALITIES`. */
  lanes: readonly WakeLane[];
}

export function createWakeQueue(): WakeQueue {
  const lanes = CRITICALITIES.map(() => new TinyQueue<WakeEntry>([], (a, b) => a.at - b.at));
  const rankOf = new Map<string, number>(CRITICALITIES.map((criticality, rank) => [criticality, rank]));
  return { push: (entry) => lanes[rankOf.get(entry.row.criticality) ?? lanes.length - 1]?.push(entry), lanes };
}
