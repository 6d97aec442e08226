import type { Statement } from "@throughline/api/contract";
import { formatTime } from "../../format/time.ts";
import { formatWallClock } from "../../format/wall-clock.ts";

type Period = Statement["period"];

/** The first and last day of a period by the clocks of the books: `1 Mar 2026 to 31 Mar 2026`; one day by itself. */
export function sayDays({ from, to, zone }: Period): string {
  const [first, last] = [formatTime(from, zone, "date"), formatTime(Date.parse(to) - 1, zone, "date")];
  return first === last ? first : `${first} to ${last}`;
}

/** A moment by the clocks of the books: `1 Apr 2026, 00:00`. */
export function sayMoment(at: string, zone: string): string {
  return formatTime(at, zone, "dated");
}

/** A day in the period before, and one in the next, as the API takes them; undefined where that has not begun. */
export function listNeighbours({ from, to, zone }: Period, readAt: string): { before: string; after?: string } {
  const dayOf = (atMs: number) => formatWallClock(atMs, zone).slice(0, 10);
  const before = dayOf(Date.parse(from) - 1);
  return Date.parse(to) < Date.parse(readAt) ? { before, after: dayOf(Date.parse(to)) } : { before };
}

/** The day that a period is asked for by: its first. */
export function toDay({ from, zone }: Period): string {
  return formatWallClock(Date.parse(from), zone).slice(0, 10);
}
