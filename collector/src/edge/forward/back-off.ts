const FIRST_MS = 250;
const LONGEST_MS = 60_000;
const LONGEST_ASKED_MS = 600_000;

/**
 * Milliseconds to wait after so many failures in a row, from 1: doubling up to a minute, half of it by chance, so that edges do not come
 * back together. What the gateway asks for is the least, ten minutes at most. `chance` lies in [0, 1).
 */
export function toPauseMs(failures: number, askedMs: number | undefined, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  const own = full / 2 + (full / 2) * chance;
  return askedMs === undefined ? own : Math.max(own, Math.min(askedMs, LONGEST_ASKED_MS) * (1 + chance / 10));
}

/** Milliseconds that a Retry-After asks for, in seconds or as a date. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - nowMs);
}
