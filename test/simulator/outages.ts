import { DAY, MINUTE } from "./demand.ts";
import type { Random } from "./random.ts";

export interface Outage {
  start: number;
  end: number;
}

/** When one system is down. Outages are drawn one after the other, as far as they are asked for. */
export interface OutageCalendar {
  /** The first outage that ends after this time; none where there are no outages. */
  findNext(at: number): Outage | undefined;
  /** The outage that holds this time, if any. */
  find(at: number): Outage | undefined;
  /** The same time, or the end of the outage that holds it. */
  postpone(at: number): number;
}

/** Outages of 25 to 140 minutes with about `meanDays` between them. */
export function createOutageCalendar(random: Random, from: number, meanDays: number): OutageCalendar {
  const outages: Outage[] = [];
  const draw = () => {
    const last = outages.at(-1);
    const [soonest, latest] = last === undefined ? [0.05, 1] : [0.5, 1.5];
    const start = Math.round((last?.end ?? from) + random.between(soonest, latest) * meanDays * DAY);
    const outage = { start, end: Math.round(start + random.around(25, 50, 140) * MINUTE) };
    outages.push(outage);
    return outage;
  };
  const findNext = (at: number) => {
    if (meanDays === Infinity) return undefined;
    let found = outages.find(({ end }) => end > at);
    while (found === undefined) {
      const drawn = draw();
      if (drawn.end > at) found = drawn;
    }
    return found;
  };
  return withFinders(findNext);
}

/** The calendar of outages that are known, in the order in which they begin. */
export function toOutageCalendar(outages: readonly Outage[]): OutageCalendar {
  return withFinders((at) => outages.find(({ end }) => end > at));
}

function withFinders(findNext: OutageCalendar["findNext"]): OutageCalendar {
  const find = (at: number) => {
    const next = findNext(at);
    return next !== undefined && next.start <= at ? next : undefined;
  };
  return { findNext, find, postpone: (at) => find(at)?.end ?? at };
}
