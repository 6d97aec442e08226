import { toScopeFilter } from "@throughline/schemas/clickhouse/scope";
import type { TimeRange } from "../contract/figure.ts";
import { toStoreSecond, toStoreTime } from "./conditions.ts";
import { toInstant } from "./time-range.ts";

const HOUR_MS = 3_600_000;

/** A moment, and the start of the range that is counted up to it. */
export interface TrafficMoment {
  atMs: number;
  fromMs: number;
}

/** The range in which traffic is counted, and the moment whose knowledge is asked for; without one the present. */
export interface TrafficSpan {
  range: TimeRange;
  moment: TrafficMoment | undefined;
}

/** What stands in a question for a table of traffic, and its values. */
export interface TrafficTable {
  sql: string;
  values: Record<string, unknown>;
}

/** The totals of events by hour. As of a moment: those before the range, and the events of the range that had arrived by then. */
export function toEventTraffic(moment: TrafficMoment | undefined): TrafficTable {
  if (moment === undefined) return { sql: "event_traffic", values: {} };
  const seamMs = Math.min(toHour(moment.fromMs), toHour(moment.atMs));
  return { sql: EVENTS_THEN, values: toValues(seamMs, moment.atMs) };
}

/** The totals of calls by hour. As of a moment: those of earlier hours, and the spans of its hour that had begun by then. */
export function toSpanTraffic(moment: TrafficMoment | undefined): TrafficTable {
  if (moment === undefined) return { sql: "span_traffic", values: {} };
  return { sql: SPANS_THEN, values: toValues(toHour(moment.atMs), moment.atMs) };
}

function toHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

function toValues(seamMs: number, atMs: number): Record<string, unknown> {
  return { seam: toStoreSecond(toInstant(seamMs)), moment: toStoreTime(atMs) };
}

const EVENT_COLUMNS =
  "hour, source, type, dataschema_version, attribute_version, site, domain, first_at, last_at, events";

/** As `event_traffic_from_events` counts them. An event dated at or after the seam arrived after it as well. */
const EVENTS_THEN = `(
  SELECT ${EVENT_COLUMNS} FROM event_traffic WHERE hour < {seam: DateTime('UTC')}
  UNION ALL
  SELECT ${EVENT_COLUMNS} FROM (
    SELECT toStartOfHour(least(time, arrived_at)) AS hour, source, type, site, domain,
      if(position(extensions, '"dataschema"') > 0, substring(extract(JSONExtractString(extensions, 'dataschema'), '([^/#]+)[/#]?$'), 1, 64), '') AS dataschema_version,
      if(position(attributes, '"schema_version"') > 0, substring(trim(BOTH '"' FROM JSONExtractRaw(attributes, 'schema_version')), 1, 64), '') AS attribute_version,
      min(least(time, arrived_at)) AS first_at, max(least(time, arrived_at)) AS last_at,
      uniqState(sipHash64(source, id)) AS events
    FROM events
    WHERE arrived_at >= {seam: DateTime('UTC')} AND arrived_at <= {moment: DateTime64(3, 'UTC')} AND time >= {seam: DateTime('UTC')}
    GROUP BY hour, source, type, site, domain, dataschema_version, attribute_version
  )
)`;

const SPAN_COLUMNS =
  "hour, service, kind, peer, route, client, version_in, version, status, site, domain, first_at, last_at, rate_limit, least_headroom_permille, longest_retry_after_s, calls";

/**
 * As `span_traffic_from_traces` counts them. Spans have no row policy of their own: that of the totals is laid over them here.
 */
const SPANS_THEN = `(
  SELECT ${SPAN_COLUMNS} FROM span_traffic WHERE hour < {seam: DateTime('UTC')}
  UNION ALL
  SELECT ${SPAN_COLUMNS} FROM (
    WITH
        SpanKind IN ('Client', 'Producer') AS is_caller,
        if(SpanAttributes['http.request.method'] != '', SpanAttributes['http.request.method'], SpanAttributes['http.method']) AS http_method,
        mapApply((key, value) -> (replaceAll(substring(key, 6), '_', '-'), value), mapFilter((key, value) -> key LIKE 'http.re%.header.%', SpanAttributes)) AS headers,
        arrayFirst(value -> value != '', [
            SpanAttributes['http.route'], SpanAttributes['url.template'], if(position(SpanName, ' /') > 0, substring(SpanName, position(SpanName, ' ') + 1), '')
        ]) AS known_route,
        arrayFirst(pair -> pair.2 != '', [
            ('attribute', SpanAttributes['throughline.api.version']),
            ('header', extract(headers['request.header.x-api-version'], '[^\\\\["\\\\]]+')),
            ('header', extract(headers['request.header.api-version'], '[^\\\\["\\\\]]+')),
            ('route', extract(arrayFirst(value -> value != '', [known_route, SpanAttributes['url.path'], SpanAttributes['http.target']]), '/v(\\\\d+(?:\\\\.\\\\d+)*)(?:[/?]|$)'))
        ]) AS named_version,
        toUInt32OrNull(extract(arrayFirst(value -> value != '', [headers['response.header.x-ratelimit-limit'], headers['response.header.ratelimit-limit']]), '\\\\d+')) AS allowed,
        toUInt32OrNull(extract(arrayFirst(value -> value != '', [headers['response.header.x-ratelimit-remaining'], headers['response.header.ratelimit-remaining']]), '\\\\d+')) AS remaining
    SELECT
        toStartOfHour(Timestamp) AS hour,
        ServiceName AS service,
        SpanKind AS kind,
        if(is_caller OR http_method = '', substring(arrayFirst(value -> value != '', [
            SpanAttributes['server.address'], SpanAttributes['net.peer.name'], SpanAttributes['messaging.destination.name'], SpanAttributes['messaging.destination']
        ]), 1, 200), '') AS peer,
        substring(known_route, 1, 200) AS route,
        substring(if(is_caller, ServiceName, arrayFirst(value -> value != '', [
            SpanAttributes['throughline.client'], SpanAttributes['user_agent.name'],
            extract(arrayFirst(value -> value != '', [SpanAttributes['user_agent.original'], SpanAttributes['http.user_agent']]), '^[^/ ]+')
        ])), 1, 64) AS client,
        named_version.1 AS version_in,
        substring(named_version.2, 1, 64) AS version,
        toUInt16OrZero(if(SpanAttributes['http.response.status_code'] != '', SpanAttributes['http.response.status_code'], SpanAttributes['http.status_code'])) AS status,
        if(SpanAttributes['throughline.site'] != '', SpanAttributes['throughline.site'], ResourceAttributes['throughline.site']) AS site,
        if(SpanAttributes['throughline.domain'] != '', SpanAttributes['throughline.domain'], ResourceAttributes['throughline.domain']) AS domain,
        min(toDateTime64(Timestamp, 3, 'UTC')) AS first_at,
        max(toDateTime64(Timestamp, 3, 'UTC')) AS last_at,
        max(allowed) AS rate_limit,
        min(if(allowed > 0, least(intDiv(toUInt64(remaining) * 1000, allowed), 1000)::UInt32, NULL)) AS least_headroom_permille,
        max(toUInt32OrNull(extract(headers['response.header.retry-after'], '^\\\\D{0,2}(\\\\d+)\\\\D{0,2}$'))) AS longest_retry_after_s,
        uniqState(reinterpretAsUInt64(unhex(SpanId))) AS calls
    FROM otel_traces
    WHERE Timestamp >= toDateTime64({seam: DateTime('UTC')}, 9) AND Timestamp <= toDateTime64({moment: DateTime64(3, 'UTC')}, 9)
        AND SpanKind IN ('Client', 'Server', 'Producer', 'Consumer')
        AND (http_method != '' OR (SpanAttributes['db.system.name'] = '' AND SpanAttributes['db.system'] = ''))
    GROUP BY hour, service, kind, peer, route, client, version_in, version, status, site, domain
  )
  WHERE ${toScopeFilter("span_traffic")}
)`;
