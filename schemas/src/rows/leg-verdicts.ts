import { LEG_FLAGS, VERDICTS } from "../leg.ts";
import { z } from "zod";

/** The columns of `leg_verdicts` as they are written, in order. */
export const LEG_VERDICT_COLUMNS = [
  "flow",
  "leg",
  "instance_type",
  "instance_id",
  "occurrence",
  "batch",
  "verdict",
  "dated_at",
  "started_at",
  "ended_at",
  "due_at",
  "at_risk_at",
  "excused_ms",
  "budget_ms",
  "calendar",
  "start_log",
  "start_position",
  "end_log",
  "end_position",
  "site",
  "domain",
  "criticality",
  "supplier",
  "flags",
  "reason",
  "moves",
  "rule_version",
  "wake_at",
  "wake_source",
  "wake_watermark",
  "evaluated_at",
  "is_removed",
] as const;

/** The same columns as they are read back, times as milliseconds since 1970 UTC. */
export const LEG_VERDICT_SELECT = LEG_VERDICT_COLUMNS.map((column) =>
  column.endsWith("_at") || column === "wake_watermark" ? `toUnixTimestamp64Milli(${column})` : column,
).join(", ");

const millis = z.number().nullable();

/** One row of `leg_verdicts` as columns in order. */
export const legVerdictRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.enum(VERDICTS),
  z.number(),
  millis,
  millis,
  millis,
  millis,
  z.number(),
  z.number(),
  z.string(),
  z.string(),
  z.number(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.array(z.enum(LEG_FLAGS)),
  z.string(),
  z.string(),
  z.string(),
  millis,
  z.string(),
  millis,
  z.number(),
  z.number(),
]);

/** A time for the store: seconds with milliseconds as text, which every DateTime64 column reads exactly. */
export function toTimestamp(timeMs: number): string {
  return (timeMs / 1000).toFixed(3);
}
