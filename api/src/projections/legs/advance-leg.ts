import type { LegRow } from "./leg-row.ts";
import { type Clock, decide } from "./leg-state.ts";

/** The row that follows when a leg's wake condition is met, without its history. The same row when nothing changes. */
export function advanceLeg(row: LegRow, clock: Clock): LegRow {
  if (row.verdict === "EXCLUDED" || row.verdict === "SUPERSEDED") return row;
  const decision = decide(row, clock);
  return { ...row, verdict: decision.verdict, wake: decision.wake };
}
