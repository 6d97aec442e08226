export interface BackoffLimits {
  firstMs: number;
  longestMs: number;
}

/** What a gateway may ask for at most. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * How long to wait after so many failures in a row: doubling, half of it random, so that many hosts do not come back at
 * once. What the gateway asks for is the least that is waited, plus up to a tenth.
 */
export function toPauseMs(failures: number, retryAfterMs: number | undefined, limits: BackoffLimits): number {
  const full = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(failures - 1, 30));
  const jittered = full / 2 + (Math.random() * full) / 2;
  if (retryAfterMs === undefined) return jittered;
  const asked = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return Math.max(jittered, asked * (1 + Math.random() / 10));
}

/** The header Retry-After, in seconds or as a date, as milliseconds from now. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
