/** A stretch of time, the end not included. */
export interface Hours {
  from: number;
  until: number;
}

const ALWAYS: Hours = { from: -Infinity, until: Infinity };

/** Counts each piece between two neighbouring bounds that any of the stretches covers, and that lies inside of the hours. */
export function measureUnion(stretches: readonly Hours[], hours: readonly Hours[] = [ALWAYS]): number {
  const bounds = [...new Set([...stretches, ...hours].flatMap(({ from, until }) => [from, until]))];
  const sorted = bounds.toSorted((a, b) => a - b);
  const pieces = sorted.slice(1).map((until, index) => ({ from: sorted[index] ?? until, until }));
  const covers = (all: readonly Hours[], piece: Hours) =>
    all.some(({ from, until }) => from <= piece.from && until >= piece.until);
  return pieces
    .filter((piece) => covers(stretches, piece) && covers(hours, piece))
    .reduce((sum, { from, until }) => sum + until - from, 0);
}

/** The moment at which so much of the hours has passed, the earliest there is. */
export function addTime(from: number, ms: number, hours: readonly Hours[] | undefined): number {
  if (hours === undefined || ms === 0) return from + ms;
  let rest = ms;
  for (const each of hours) {
    const begin = Math.max(each.from, from);
    const length = Math.max(0, each.until - begin);
    if (rest <= length) return begin + rest;
    rest -= length;
  }
  throw new Error("The hours of the oracle end too early.");
}
