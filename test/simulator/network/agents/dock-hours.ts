import { findNextLocal, toLocalHour } from "../../demand.ts";
import type { Random } from "../../random.ts";

const OPENS = 5;
const CLOSES = 22;

/** When a truck that comes at a time is unloaded: at once, or soon after the dock has opened. */
export function toDockTime(at: number, random: Random): number {
  const hour = toLocalHour(at);
  return hour >= OPENS && hour < CLOSES ? at : findNextLocal(at, OPENS, random.whole(0, 50));
}
