import type { FeedDelivery, FeedFinding, FeedPromise, NumberGap, Source } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatNoun } from "../../format/number.ts";

export const FINDING_KINDS = [
  "silent",
  "missing-numbers",
  "behind-watermark",
  "clock-ahead",
  "batch",
  "log-gap",
] as const;
type FindingKind = (typeof FINDING_KINDS)[number];

/** What a kind of finding is called, and what to do about it. */
export const FINDING_WORDS: Record<FindingKind, { word: string; advice: string }> = {
  silent: {
    word: "Silent",
    advice:
      "Legs that end with its events cannot be judged until it reports again. Check the system and its connection.",
  },
  "missing-numbers": {
    word: "Missing numbers",
    advice: "Events were sent and did not arrive. Have the system send these numbers again.",
  },
  "behind-watermark": {
    word: "Behind its watermark",
    advice:
      "The feed says too early that it is complete, so that verdicts had to be corrected. Allow it more lag, or have its heartbeats say less.",
  },
  "clock-ahead": {
    word: "Clock ahead",
    advice: "The events are kept in quarantine. Set the clock of the system right and send them again.",
  },
  batch: { word: "Batch", advice: "Call the owner of the system: ask for the file, or whether it is right as it is." },
  "log-gap": {
    word: "Gap in a log",
    advice: "Start the gateway that wrote this log with its directory: it stores what it still holds.",
  },
};

/** How it is known up to when a feed is complete. */
export function sayWatermark({ watermark, lagMs }: FeedPromise): string {
  if (watermark === "arrival") return `By arrival, less ${formatDuration(lagMs ?? 0)}`;
  if (watermark === "heartbeat") return "By its heartbeats";
  return watermark === "sequence"
    ? "By its numbers, up to the first that is missing"
    : "By the trailers of its batches";
}

/** How long a feed may say nothing. */
export function saySilence({ silentAfterMs, calendar }: FeedPromise): string {
  if (silentAfterMs === null) return "It promised no sign of life and is never judged silent";
  const after = `After ${formatDuration(silentAfterMs)} without a sign of life`;
  return calendar === null ? after : `${after}, in working time of ${calendar}`;
}

/** What the state of a feed means for what can be known. */
export function sayState({ state, completeTo, promise }: Pick<Source, "state" | "completeTo" | "promise">): string {
  if (state === "silent")
    return "It has not been heard of for longer than it may be. Legs that end with its events cannot be judged until it reports again: check the system and its connection.";
  if (promise.isExcused)
    return `It has not been heard of for longer than it may be, but ${promise.calendar} says that it is closed: nothing is wrong.`;
  if (state === "quiet")
    return "It has not been heard of lately, and promised no sign of life: whether nothing happened or nothing came through is not known. Heartbeats would tell.";
  if (state === "complete") return "All of it is here: nothing more is expected.";
  return completeTo === null
    ? "It is heard of, but does not say how far it is complete."
    : "It is heard of. What happened before the time that it is complete to is here.";
}

/** Numbers that are missing, as their source counts them: `41` or `1041–1057`. */
export function formatGap({ first, last }: Pick<NumberGap, "first" | "last">): string {
  return first === last ? `${first}` : `${first}–${last}`;
}

/** What came of an expected batch: `as promised`, `late, implausible`, `expected`. */
export function sayDelivery({ faults, arrivedAt }: Pick<FeedDelivery, "faults" | "arrivedAt">): string {
  if (faults.length > 0) return faults.join(", ");
  return arrivedAt === null ? "expected" : "as promised";
}

/** A sentence for a finding, with how many it is of where that is more than one thing. */
export function sayFinding(finding: Pick<FeedFinding, "kind" | "detail" | "count" | "mostMs">): string {
  const { kind, detail, count, mostMs } = finding;
  if (kind === "silent" || kind === "batch" || kind === "log-gap")
    return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  const howFar = mostMs === null ? "" : `, up to ${formatDuration(mostMs)}`;
  return `${formatNoun(count, kind === "missing-numbers" ? "number" : "event")} ${detail}${howFar}.`;
}

/** True for what goes on or was not made good: a batch that is missing, numbers that never came, silence that lasts. */
export function isGoingOn({ until }: Pick<FeedFinding, "until">): boolean {
  return until === null;
}
