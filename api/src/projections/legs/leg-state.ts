import type { Verdict } from "@throughline/schemas/leg";
import type { Move } from "./moves.ts";

/** What the verdict of a leg depends on, besides the clock and the watermarks. Times in milliseconds since 1970 UTC. */
export interface LegTimes {
  startedAt: number | undefined;
  endedAt: number | undefined;
  dueAt: number | undefined;
  atRiskAt: number | undefined;
  /** What crosses the leg; in a pause among it the leg stands still. */
  moves: readonly Move[];
}

/** What must happen for a verdict to change by itself: a time, or a source declaring itself complete beyond a time. */
export type Wake = { at: number } | { source: string; watermark: number };

/** Up to which event time a milestone's feeds are complete; `lagMs` is set where that follows the clock. */
export interface Watermark {
  source: string;
  at: number;
  lagMs?: number | undefined;
  /** True where the logs were not read up to the present: then what follows the clock waits for that. */
  isBehind?: boolean;
}

/** Stands for a source in a wait for the logs to be read: its watermark is the arrival by which everything is. */
export const UNREAD = "";

export interface Clock {
  now: number;
  from: Watermark;
  to: Watermark;
  skewAllowanceMs: number;
}

export interface Decision {
  verdict: Verdict;
  wake: Wake | undefined;
}

/** The verdict of a leg that started or ended and was not excluded, by the order of rules of the verdict table. */
export function decide(times: LegTimes, clock: Clock): Decision {
  const { startedAt, endedAt, dueAt } = times;
  if (startedAt === undefined) return decideWithoutStart(endedAt, clock);
  if (endedAt === undefined) return decideWithoutEnd(times, clock);
  if (endedAt < startedAt - clock.skewAllowanceMs) return { verdict: "SEQUENCE", wake: undefined };
  if (dueAt === undefined || endedAt <= dueAt) return { verdict: "MET", wake: undefined };
  return decideLate(dueAt, clock);
}

function decideWithoutStart(endedAt: number | undefined, clock: Clock): Decision {
  if (endedAt === undefined || clock.from.at > endedAt) return { verdict: "ORPHAN_END", wake: undefined };
  return { verdict: "PENDING_START", wake: toWake(clock.from, endedAt) };
}

function decideWithoutEnd({ dueAt, atRiskAt, moves }: LegTimes, clock: Clock): Decision {
  const { now } = clock;
  if (dueAt !== undefined && now > dueAt) return decideLate(dueAt, clock);
  const pauses = moves.length === 0 ? moves : moves.filter(({ kind }) => kind === "pause");
  const open = pauses.filter(({ from, until = Infinity }) => from <= now && now < until);
  if (open.length > 0)
    return { verdict: "PAUSED", wake: toTimed(Math.min(...open.map(({ until = Infinity }) => until))) };
  const nextPause = Math.min(...pauses.filter(({ from }) => from > now).map(({ from }) => from));
  const isAtRisk = atRiskAt !== undefined && now >= atRiskAt;
  const next = isAtRisk ? (dueAt ?? Infinity) + 1 : (atRiskAt ?? Infinity);
  return { verdict: isAtRisk ? "AT_RISK" : "OPEN", wake: toTimed(Math.min(next, nextPause)) };
}

function toTimed(at: number): Wake | undefined {
  return at === Infinity ? undefined : { at };
}

function decideLate(dueAt: number, clock: Clock): Decision {
  if (clock.to.at > dueAt) return { verdict: "BREACHED", wake: undefined };
  return { verdict: "OVERDUE_PROVISIONAL", wake: toWake(clock.to, dueAt) };
}

function toWake(watermark: Watermark, beyond: number): Wake {
  const { lagMs, isBehind = false } = watermark;
  if (lagMs !== undefined) return isBehind ? { source: UNREAD, watermark: beyond + lagMs } : { at: beyond + lagMs + 1 };
  return { source: watermark.source, watermark: beyond };
}

export function isSameWake(a: Wake | undefined, b: Wake | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if ("at" in a) return "at" in b && a.at === b.at;
  return "source" in b && a.source === b.source && a.watermark === b.watermark;
}
