import type { ApiUse } from "../contract/interface.ts";
import type { SpanTrafficRow } from "../queries/list-span-traffic.ts";

export interface CallSums {
  calls: number;
  failed: number;
  refused: number;
  throttled: number;
  leastHeadroomPercent: number | null;
}

export function sumCalls(use: readonly ApiUse[]): CallSums {
  const sum = (rows: readonly ApiUse[]) => rows.reduce((total, { calls }) => total + calls, 0);
  const headrooms = use.flatMap(({ leastHeadroomPercent }) => leastHeadroomPercent ?? []);
  return {
    calls: sum(use),
    failed: sum(use.filter(({ status }) => status >= 400)),
    refused: sum(use.filter(isRefused)),
    throttled: sum(use.filter(({ isThrottled }) => isThrottled)),
    leastHeadroomPercent: headrooms.length === 0 ? null : Math.min(...headrooms),
  };
}

/** True for an answer that says who the caller is not, or what it may not. */
export function isRefused({ status }: Pick<ApiUse, "status">): boolean {
  return status === 401 || status === 403;
}

/** Calls by client, version and status, the most frequent first; what differs in service, peer or route only is one row. */
export function toApiUse(rows: readonly SpanTrafficRow[]): ApiUse[] {
  const merged = new Map<string, ApiUse>();
  for (const row of rows) {
    const next = toUse(row);
    const key = JSON.stringify([next.client, next.version, next.status, next.isThrottled]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? next : mergeUse(known, next));
  }
  return [...merged.values()].toSorted(
    (a, b) => b.calls - a.calls || compare(a.client, b.client) || compare(a.version, b.version) || a.status - b.status,
  );
}

function toUse(row: SpanTrafficRow): ApiUse {
  return {
    client: row.client,
    version: row.version,
    status: row.status,
    calls: row.calls,
    isThrottled: row.is_throttled === 1,
    rateLimit: row.rate_limit,
    leastHeadroomPercent: row.headroom === null ? null : row.headroom / 10,
    longestRetryAfterSeconds: row.retry_after,
    firstSeenAt: row.first_seen,
    lastSeenAt: row.last_seen,
  };
}

function mergeUse(a: ApiUse, b: ApiUse): ApiUse {
  return {
    ...a,
    calls: a.calls + b.calls,
    rateLimit: extreme(Math.max, a.rateLimit, b.rateLimit),
    leastHeadroomPercent: extreme(Math.min, a.leastHeadroomPercent, b.leastHeadroomPercent),
    longestRetryAfterSeconds: extreme(Math.max, a.longestRetryAfterSeconds, b.longestRetryAfterSeconds),
    firstSeenAt: a.firstSeenAt < b.firstSeenAt ? a.firstSeenAt : b.firstSeenAt,
    lastSeenAt: a.lastSeenAt > b.lastSeenAt ? a.lastSeenAt : b.lastSeenAt,
  };
}

function extreme(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return of(a, b);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
