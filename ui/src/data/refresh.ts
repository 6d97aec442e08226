import type { FlowDetail } from "@throughline/api/contract";

type LatencyClass = FlowDetail["definition"]["latencyClass"];

const SECOND = 1000;

/** How long what is shown of a flow may be old before news of events has it read again; 0: at once. */
const REFRESH_MS: Record<LatencyClass, number> = {
  event: 0,
  "near-real-time": 15 * SECOND,
  "controlled-sequence": 30 * SECOND,
  statutory: 60 * SECOND,
  batch: 60 * SECOND,
};

export function refreshMsOf(latencyClass: LatencyClass | undefined): number {
  return latencyClass === undefined ? 0 : REFRESH_MS[latencyClass];
}

/** What was read, when, and how old it may become. */
export interface Reading {
  readAtMs: number;
  refreshMs: number;
}

/** In how many milliseconds something has to be read again; 0 or less: now. */
export function untilDueMs({ readAtMs, refreshMs }: Reading, nowMs: number): number {
  return refreshMs === 0 ? 0 : readAtMs + refreshMs - nowMs;
}

/** After how long the first of those that are not due yet is; undefined when none waits. */
export function findNextDueMs(readings: readonly Reading[], nowMs: number): number | undefined {
  const waiting = readings.map((reading) => untilDueMs(reading, nowMs)).filter((ms) => ms > 0);
  return waiting.length === 0 ? undefined : Math.min(...waiting);
}
