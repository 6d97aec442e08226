import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { SourceRule } from "@throughline/schemas/pack/flow";
import { toMilliseconds } from "../legs/duration.ts";

const USUAL_LAG_MS = 300_000;
const USUAL_SILENCE_MS = 900_000;
const USUAL_PATIENCE_MS = 900_000;
const BEATS_MISSED = 3;

/** The rule of a source, ready for use. Durations in milliseconds. */
export interface FeedRule {
  watermark: SourceRule["watermark"];
  lagMs: number;
  /** Undefined: silence is judged only once the source has sent a heartbeat. */
  silentAfterMs: number | undefined;
  gapPatienceMs: number;
  /** When it may be expected to speak; undefined: always. */
  working: WorkingTime | undefined;
  /** The calendar that says so. */
  calendar?: string | undefined;
  /** The suppliers that it sends for, and no others; undefined: what its events name tells. */
  suppliers?: readonly string[] | undefined;
}

const USUAL_RULE: FeedRule = {
  watermark: "arrival",
  lagMs: USUAL_LAG_MS,
  silentAfterMs: undefined,
  gapPatienceMs: USUAL_PATIENCE_MS,
  working: undefined,
};

/** Finds the rule of a source, the first that fits, and keeps what it found. */
export function createFeedRules(
  rules: readonly SourceRule[],
  workingTimes: ReadonlyMap<string, WorkingTime>,
): (source: string) => FeedRule {
  const ready = rules.map((rule) => ({ pattern: rule.source, rule: toFeedRule(rule, workingTimes) }));
  const found = new Map<string, FeedRule>();
  return (source) => {
    const known = found.get(source);
    if (known) return known;
    const rule = ready.find(({ pattern }) => isFitting(pattern, source))?.rule ?? USUAL_RULE;
    found.set(source, rule);
    return rule;
  };
}

/** How long a source may say nothing: undefined when it promised no sign of life. */
export function toSilenceMs(rule: FeedRule, hasHeartbeat: boolean): number | undefined {
  if (rule.silentAfterMs !== undefined) return rule.silentAfterMs;
  return hasHeartbeat || rule.watermark === "heartbeat" ? USUAL_SILENCE_MS : undefined;
}

function toFeedRule(rule: SourceRule, workingTimes: ReadonlyMap<string, WorkingTime>): FeedRule {
  const beatMs = rule.heartbeatEvery === undefined ? undefined : toMilliseconds(rule.heartbeatEvery) * BEATS_MISSED;
  return {
    watermark: rule.watermark,
    lagMs: toMilliseconds(rule.lag),
    silentAfterMs: rule.silentAfter === undefined ? beatMs : toMilliseconds(rule.silentAfter),
    gapPatienceMs: rule.gapPatience === undefined ? USUAL_PATIENCE_MS : toMilliseconds(rule.gapPatience),
    working: rule.calendar === undefined ? undefined : workingTimes.get(rule.calendar),
    calendar: rule.calendar,
    suppliers: rule.suppliers,
  };
}

function isFitting(pattern: string, source: string): boolean {
  return pattern.endsWith("*") ? source.startsWith(pattern.slice(0, -1)) : pattern === source;
}
