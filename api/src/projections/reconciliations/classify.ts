import { type Side, type Matching, otherSide } from "./entry.ts";
import type { Episode } from "./trace-group.ts";

/** In the order in which they are tried: the first that applies counts. */
export const ITEM_CLASSES = ["UNKNOWN", "CUTOFF", "TIMING", "BREAK"] as const;
export type ItemClass = (typeof ITEM_CLASSES)[number];

/** How far a side is known. Times in milliseconds since 1970 UTC. */
export interface Feed {
  /** Complete for event times before it. */
  watermark: number;
  isSilent: boolean;
}

export interface ClassContext {
  /** The statement holds what happened before it. */
  cutoff: number;
  now: number;
  lagMs: number;
  matching: Matching;
  feeds: Readonly<Record<Side, Feed>>;
}

type Classified = Pick<Episode, "side" | "lastAt" | "period" | "isMatched" | "until" | "clearedIn">;

/** What is known of an open item at a cut-off. What waits for the other side waits up to and including its lag. */
export function classify(item: Classified, context: ClassContext): ItemClass {
  const isWaiting = context.cutoff <= item.lastAt + context.lagMs;
  if (isIncomplete(item, context)) return "UNKNOWN";
  if (isCleared(item, context) && item.clearedIn.every((period) => period !== item.period)) return "CUTOFF";
  if (isWaiting && (!item.isMatched || context.matching !== "1:1")) return "TIMING";
  return "BREAK";
}

/** The moment from which an item that waits is a break by itself. */
export function toDueAt({ lastAt }: Pick<Classified, "lastAt">, lagMs: number): number {
  return lastAt + lagMs;
}

/** Its key was cleared as a whole after the cut-off: what differed in amount is no matter of the period. */
function isCleared({ until, clearedIn }: Classified, { cutoff }: ClassContext): boolean {
  return until !== undefined && until >= cutoff && clearedIn.length > 0;
}

function isIncomplete(item: Classified, { cutoff, now, lagMs, feeds }: ClassContext): boolean {
  const feed = feeds[otherSide(item.side)];
  const dueAt = toDueAt(item, lagMs);
  if (cutoff > dueAt) return feed.watermark <= dueAt;
  return now > cutoff ? feed.watermark < cutoff : feed.isSilent;
}
