import { BATCH_TYPE, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Fact } from "../fact.ts";
import type { FeedRule } from "./feed-rule.ts";
import { type FeedState, toWatermark } from "./feed-state.ts";
import { addNumber, type GapChange } from "./numbering.ts";

/** What a fact changes in what is known of its source. */
export interface FeedObservation {
  state: FeedState;
  gapChanges: readonly GapChange[];
  /** How far behind the watermark of its source an event arrived; 0 when it did not. */
  behindMs: number;
  /** The blind interval that it ends. */
  ended: { since: number; from: number; until: number } | undefined;
}

/**
 * Takes in what a source sent. `isRepeat` for what was sent before: a sign of life and nothing more. A watermark, or the
 * time of a numbered event, that lies after its own arrival comes from a clock that is ahead, and counts as of that arrival.
 */
export function observeFeed(
  before: FeedState,
  fact: Fact & { sequence: number },
  { rule, isRepeat }: { rule: FeedRule; isRepeat: boolean },
): FeedObservation {
  const state = { ...before, heardAt: Math.max(before.heardAt, fact.arrivedAt), blind: undefined };
  const ended = before.blind && { ...before.blind, until: Math.max(before.blind.from, fact.arrivedAt) };
  if (isRepeat) return { state, gapChanges: [], behindMs: 0, ended };
  const behindMs = toBehindMs(before, fact, rule);
  const saidAt = Math.min(readInstant(fact.attributes["watermark"]) ?? 0, fact.arrivedAt);
  if (fact.type === HEARTBEAT_TYPE) {
    state.hasHeartbeat = true;
    state.saidAt = Math.max(state.saidAt, saidAt);
    state.isComplete ||= fact.attributes["complete"] === true;
  } else if (fact.type === BATCH_TYPE) {
    state.batchAt = Math.max(state.batchAt, saidAt);
    state.counted = 0;
  } else state.counted += 1;
  if (fact.sequence < 0) return { state, gapChanges: [], behindMs, ended };
  const { numbering, changes } = addNumber(state.numbering, {
    number: fact.sequence,
    time: Math.min(fact.time, fact.arrivedAt),
    arrivedAt: fact.arrivedAt,
  });
  return { state: { ...state, numbering }, gapChanges: changes, behindMs, ended };
}

/** True for what a source says of itself rather than of the business. */
export function isFeedType(type: string): boolean {
  return type === HEARTBEAT_TYPE || type === BATCH_TYPE;
}

/** A moment in milliseconds since 1970 UTC; undefined for what is none. */
export function readInstant(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function toBehindMs(before: FeedState, fact: Fact, rule: FeedRule): number {
  if (isFeedType(fact.type) || before.isComplete) return 0;
  const limit =
    rule.watermark === "arrival"
      ? fact.arrivedAt - rule.lagMs
      : toWatermark(fact.source, before, { rule, now: fact.arrivedAt }).at;
  return Math.max(0, limit - fact.time);
}
