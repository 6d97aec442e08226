import { z } from "zod";
import type { Watermark } from "../legs/leg-state.ts";
import { type FeedRule, toSilenceMs } from "./feed-rule.ts";
import { numberingSchema, toSequenceWatermark } from "./numbering.ts";

const NEVER = 0;

/** All that decides about one source. Times in milliseconds since 1970 UTC, 0: never. */
export const feedStateSchema = z.object({
  /** Arrival of the last sign of life. */
  heardAt: z.number(),
  /** The greatest watermark of its heartbeats, none later than its own arrival. */
  saidAt: z.number(),
  /** The greatest watermark of its batch trailers. */
  batchAt: z.number(),
  /** The watermark that evaluation went by before; it never goes back. */
  floorAt: z.number(),
  isComplete: z.boolean(),
  hasHeartbeat: z.boolean(),
  numbering: numberingSchema.optional(),
  /** Events counted since the last trailer. */
  counted: z.number(),
  /** The open blind interval. */
  blind: z.object({ since: z.number(), from: z.number() }).optional(),
});
export type FeedState = z.infer<typeof feedStateSchema>;

export const UNHEARD: FeedState = {
  heardAt: NEVER,
  saidAt: NEVER,
  batchAt: NEVER,
  floorAt: NEVER,
  isComplete: false,
  hasHeartbeat: false,
  counted: 0,
};

/** Up to when a source is complete. It never passes `now`, and never goes back while the rule stays the same. */
export function toWatermark(source: string, state: FeedState, options: { rule: FeedRule; now: number }): Watermark {
  const { rule, now } = options;
  if (state.isComplete) return { source, at: now, lagMs: 0 };
  if (isOnClock(state, rule))
    return { source: "", at: Math.max(now - rule.lagMs, floor(state, now)), lagMs: rule.lagMs };
  return { source, at: Math.max(Math.min(toOwnWatermark(state, rule, now), now), floor(state, now)), lagMs: undefined };
}

/** True when nothing but the clock moves its watermark: it sends as things occur and promised no sign of life. */
function isOnClock({ hasHeartbeat }: FeedState, rule: FeedRule): boolean {
  return rule.watermark === "arrival" && toSilenceMs(rule, hasHeartbeat) === undefined;
}

function floor({ floorAt }: FeedState, now: number): number {
  return Math.min(floorAt, now);
}

function toOwnWatermark(state: FeedState, rule: FeedRule, now: number): number {
  const { numbering } = state;
  if (rule.watermark === "arrival") return toVouchedUntil(state.heardAt, rule, now) - rule.lagMs;
  if (rule.watermark === "batch") return state.batchAt;
  if (rule.watermark === "heartbeat" || numbering === undefined) return state.saidAt;
  return toSequenceWatermark(numbering, now - rule.gapPatienceMs, Math.max(numbering.topAt, state.saidAt));
}

/** Up to when a source's quiet says that nothing happened: its last sign of life, and hours in which it does not speak. */
function toVouchedUntil(heardAt: number, { working }: FeedRule, now: number): number {
  if (working === undefined || heardAt === NEVER || heardAt >= now) return heardAt;
  return Math.max(heardAt, Math.min(now, working.add(heardAt, 0)));
}

/** When a source will be silent if nothing is heard of it until then; undefined when it is never judged silent. */
export function findSilenceAt(state: FeedState, rule: FeedRule): number | undefined {
  const afterMs = toSilenceMs(rule, state.hasHeartbeat);
  if (afterMs === undefined || state.isComplete || state.heardAt === NEVER) return undefined;
  return (rule.working ? rule.working.add(state.heardAt, afterMs) : state.heardAt + afterMs) + 1;
}
