import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond } from "./conditions.ts";
import { MAX_TRAFFIC_ROWS } from "./list-event-traffic.ts";
import { toSpanTraffic, type TrafficMoment, type TrafficSpan } from "./traffic-then.ts";

const place = { service: z.string(), peer: z.string(), route: z.string() };
const version = { client: z.string(), version_in: z.string(), version: z.string() };
const seen = { first_seen: instant, last_seen: instant };

export const callColumns = {
  status: z.int(),
  calls: z.int(),
  is_throttled: z.int(),
  rate_limit: z.int().nullable(),
  headroom: z.int().nullable(),
  retry_after: z.int().nullable(),
};

const spanVersionRow = z.object({ ...place, ...version, ...seen });
const spanTrafficRow = z.object({ ...place, ...version, ...seen, ...callColumns });
export type SpanVersionRow = z.infer<typeof spanVersionRow>;
export type SpanTrafficRow = z.infer<typeof spanTrafficRow>;

/** Which versions of which API were ever called by whom, by a moment if one is given, with when each was seen first and last. */
export async function listSpanVersions(
  reader: StoreReader,
  asker: Asker,
  moment?: TrafficMoment,
): Promise<SpanVersionRow[]> {
  const traffic = toSpanTraffic(moment);
  return reader.ask(asker, {
    caller: "list-span-versions",
    sql: `SELECT service, peer, route, client, version_in, version, min(first_at) AS first_seen, max(last_at) AS last_seen
      FROM ${moment === undefined ? "span_versions" : traffic.sql}
      GROUP BY service, peer, route, client, version_in, version
      ORDER BY service, peer, route, client, version_in, version
      LIMIT ${MAX_TRAFFIC_ROWS}`,
    values: traffic.values,
    row: spanVersionRow,
  });
}

/** The calls of a range by who made them, in which version and what came of them; each span counts once. */
export async function listSpanTraffic(
  reader: StoreReader,
  asker: Asker,
  { range: { from, to }, moment }: TrafficSpan,
): Promise<SpanTrafficRow[]> {
  const traffic = toSpanTraffic(moment);
  return reader.ask(asker, {
    caller: "list-span-traffic",
    sql: `SELECT service, peer, route, client, version_in, version, status, min(first) AS first_seen, max(last) AS last_seen,
        sum(own) AS calls, toUInt8(status = 429 OR (status = 503 AND isNotNull(max(retry_after_s)))) AS is_throttled,
        max(allowed) AS rate_limit, min(headroom_permille) AS headroom, max(retry_after_s) AS retry_after
      FROM (
        SELECT service, peer, route, client, version_in, version, status, min(first_at) AS first, max(last_at) AS last,
          uniqMerge(hourly.calls) AS own, max(hourly.rate_limit) AS allowed,
          min(least_headroom_permille) AS headroom_permille, max(longest_retry_after_s) AS retry_after_s
        FROM ${traffic.sql} AS hourly
        WHERE hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')}
        GROUP BY hour, service, kind, peer, route, client, version_in, version, status, site, domain
      )
      GROUP BY service, peer, route, client, version_in, version, status
      ORDER BY service, peer, route, client, version_in, version, status
      LIMIT ${MAX_TRAFFIC_ROWS}`,
    values: { from: toStoreSecond(from), to: toStoreSecond(to), ...traffic.values },
    row: spanTrafficRow,
  });
}
