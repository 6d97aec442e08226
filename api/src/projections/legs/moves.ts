import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { LegMove } from "@throughline/schemas/leg";

/** A stretch of time that does not count against a leg. Times in milliseconds since 1970 UTC; without `until` it lasts. */
export interface Move {
  kind: LegMove["kind"];
  /** Of the approved window; empty for an end that stood until it was taken back. */
  id: string;
  version: number;
  from: number;
  until: number | undefined;
}

/** A window that was approved: an excuse, or a pause, in which the leg is said to stand still. */
export type ApprovedWindow = Move & { kind: "excuse" | "pause" };

/** The approved windows of a kind of leg, in any order, whenever they are; which of them cross a leg is found out later. */
export type FindWindows = (of: {
  flow: string;
  leg: string;
  site: string;
  supplier: string;
}) => readonly ApprovedWindow[];

export const NO_MOVES: readonly Move[] = [];

interface Course {
  startedAt: number;
  endedAt: number | undefined;
  /** The working time that counts; undefined: all time does. */
  working: WorkingTime | undefined;
}

/** A time that was moved; undefined when what moves it still lasts. */
interface Moved {
  at: number | undefined;
  /** How much of the leg itself does not count: up to its end, where it has one. */
  excusedMs: number;
  /** What crosses the leg before the time, in order. */
  crossing: readonly Move[];
}

/** In the order of time; at the same time what was taken back comes first, since it counts at the deadline itself. */
export function sortMoves(moves: readonly Move[]): Move[] {
  return moves.toSorted(
    (a, b) =>
      a.from - b.from ||
      toRank(a) - toRank(b) ||
      (a.until ?? Infinity) - (b.until ?? Infinity) ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/**
 * Moves a time of a leg on by the union of what crosses the leg before it, in the order of time. An end that was taken
 * back has to have met the time; a window has to share time with the leg.
 */
export function moveOn(time: number, sorted: readonly Move[], { startedAt, endedAt, working }: Course): Moved {
  let at = time;
  let excusedMs = 0;
  let coveredUntil = startedAt;
  const crossing: Move[] = [];
  const measure = (from: number, until: number) => (working ? working.between(from, until) : Math.max(0, until - from));
  for (const move of sorted) {
    const isCrossing = move.kind === "reversal" ? move.from <= at : move.from < at && move.from < (endedAt ?? Infinity);
    if (!isCrossing || (move.until ?? Infinity) <= Math.max(startedAt, move.from)) continue;
    crossing.push(move);
    const from = Math.max(move.from, coveredUntil);
    if (move.until === undefined) at = Infinity;
    const until = move.until ?? endedAt ?? from;
    if (until <= from) continue;
    const ms = measure(from, until);
    if (ms > 0 && at !== Infinity) at = working ? working.add(at, ms) : at + ms;
    excusedMs += measure(from, Math.min(until, endedAt ?? until));
    coveredUntil = until;
  }
  return { at: at === Infinity ? undefined : at, excusedMs, crossing };
}

function toRank({ kind }: Move): number {
  return kind === "reversal" ? 0 : 1;
}

/** As it is stored and told: times in RFC 3339. */
export function toLegMove({ kind, id, version, from, until }: Move): LegMove {
  const iso = (time: number) => new Date(time).toISOString();
  return { kind, id, version, from: iso(from), until: until === undefined ? null : iso(until) };
}

export function fromLegMove({ kind, id, version, from, until }: LegMove): Move {
  return { kind, id, version, from: Date.parse(from), until: until === null ? undefined : Date.parse(until) };
}
