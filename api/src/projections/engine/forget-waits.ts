import type { LegRow } from "../legs/leg-row.ts";

const MINUTE_MS = 60_000;

/** The legs that wait, by key, and the keys of those whose wait the store does not hold as it is. */
interface HeldWaits {
  current: Map<string, LegRow>;
  unstored: ReadonlySet<string>;
}

/**
 * Forgets of what the store holds the legs that wake last by time, so that about `keep` stay, but none that wakes by
 * `floor`. Returns the time up to which all are held still, in milliseconds since 1970 UTC.
 */
export function forgetTimes(held: HeldWaits, { keep, floor }: { keep: number; floor: number }): number {
  const times = [...held.current.values()].flatMap(({ wake }) => (wake && "at" in wake ? wake.at : []));
  const until = Math.max(floor, findTimeOf(times, keep));
  forget(held, ({ wake }) => wake !== undefined && "at" in wake && wake.at > until);
  return until;
}

/**
 * Forgets of what the store holds the legs that wait for the greatest watermarks, so that about `keep` of those that wait
 * for one stay, as many for each source, at least those of its first minute, and none that waits for less than its floor.
 * Returns, for the sources of which not all are held any more, the watermark up to which they are.
 */
export function forgetWatermarks(
  held: HeldWaits,
  { keep, floorOf }: { keep: number; floorOf: (source: string) => number },
): Map<string, number> {
  const bounds = findBounds(listWaits(held), { keep, floorOf });
  if (bounds.size > 0)
    forget(
      held,
      ({ wake }) => wake !== undefined && "source" in wake && wake.watermark > (bounds.get(wake.source) ?? Infinity),
    );
  return bounds;
}

function forget({ current, unstored }: HeldWaits, isTooMuch: (row: LegRow) => boolean) {
  for (const [key, row] of current) if (isTooMuch(row) && !unstored.has(key)) current.delete(key);
}

/** By source, the watermarks that legs wait for. */
function listWaits({ current }: HeldWaits): Map<string, number[]> {
  const waits = new Map<string, number[]>();
  for (const { wake } of current.values()) {
    if (wake === undefined || "at" in wake) continue;
    const own = waits.get(wake.source) ?? [];
    waits.set(wake.source, own);
    own.push(wake.watermark);
  }
  return waits;
}

function findBounds(
  waits: ReadonlyMap<string, readonly number[]>,
  { keep, floorOf }: { keep: number; floorOf: (source: string) => number },
): Map<string, number> {
  const count = [...waits.values()].reduce((sum, own) => sum + own.length, 0);
  if (count <= keep) return new Map();
  return new Map(
    [...waits].flatMap(([source, own]): [string, number][] => {
      const first = own.reduce((least, at) => Math.min(least, at), Infinity);
      const firstMinute = (Math.floor(first / MINUTE_MS) + 1) * MINUTE_MS - 1;
      const bound = Math.max(findTimeOf(own, keep / waits.size), firstMinute, floorOf(source));
      return own.some((at) => at > bound) ? [[source, bound]] : [];
    }),
  );
}

/** The end of the last whole minute up to which there are no more than `count` of the times. */
function findTimeOf(times: readonly number[], count: number): number {
  const perMinute = new Map<number, number>();
  for (const time of times) {
    const minute = Math.floor(time / MINUTE_MS);
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
  }
  let sum = 0;
  for (const [minute, found] of [...perMinute].toSorted(([a], [b]) => a - b)) {
    sum += found;
    if (sum > count) return minute * MINUTE_MS - 1;
  }
  return Infinity;
}
