-- What each source sent of each type, by the hour of the event and the version that it names. Counts are sets of identities,
-- which a repetition does not change; an event counts as no later than its arrival, whatever its clock says.
CREATE TABLE IF NOT EXISTS event_traffic
(
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    type LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    dataschema_version LowCardinality(String),
    attribute_version LowCardinality(String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    events AggregateFunction(uniq, UInt64)
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (hour, source, type, site, domain, dataschema_version, attribute_version)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS event_traffic_from_events TO event_traffic AS
SELECT
    toStartOfHour(least(time, arrived_at)) AS hour,
    source,
    type,
    site,
    domain,
    if(position(extensions, '"dataschema"') > 0, substring(extract(JSONExtractString(extensions, 'dataschema'), '([^/#]+)[/#]?$'), 1, 64), '') AS dataschema_version,
    if(position(attributes, '"schema_version"') > 0, substring(trim(BOTH '"' FROM JSONExtractRaw(attributes, 'schema_version')), 1, 64), '') AS attribute_version,
    min(least(time, arrived_at)) AS first_at,
    max(least(time, arrived_at)) AS last_at,
    uniqState(sipHash64(source, id)) AS events
FROM events
GROUP BY hour, source, type, site, domain, dataschema_version, attribute_version;

-- When each version of what a source sends was seen first and last.
CREATE TABLE IF NOT EXISTS event_versions
(
    source LowCardinality(String),
    type LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    dataschema_version LowCardinality(String),
    attribute_version LowCardinality(String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, type, site, domain, dataschema_version, attribute_version)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS event_versions_from_traffic TO event_versions AS
SELECT source, type, site, domain, dataschema_version, attribute_version, min(first_at) AS first_at, max(last_at) AS last_at
FROM event_traffic
GROUP BY source, type, site, domain, dataschema_version, attribute_version;

-- Spans at the edge of a service, by hour: who called what in which version, what came of it, what was left of a rate limit.
-- Attributes as OpenTelemetry's HTTP conventions name them, stable and older. Spans of databases are left out.
CREATE TABLE IF NOT EXISTS span_traffic
(
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    service LowCardinality(String),
    kind LowCardinality(String),
    peer LowCardinality(String),
    route LowCardinality(String),
    client LowCardinality(String),
    version_in LowCardinality(String),
    version LowCardinality(String),
    status UInt16,
    site LowCardinality(String),
    domain LowCardinality(String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    rate_limit SimpleAggregateFunction(max, Nullable(UInt32)),
    least_headroom_permille SimpleAggregateFunction(min, Nullable(UInt32)),
    longest_retry_after_s SimpleAggregateFunction(max, Nullable(UInt32)),
    calls AggregateFunction(uniq, UInt64)
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (hour, service, kind, peer, route, client, version_in, version, status, site, domain)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS span_traffic_from_traces TO span_traffic AS
WITH
    SpanKind IN ('Client', 'Producer') AS is_caller,
    if(SpanAttributes['http.request.method'] != '', SpanAttributes['http.request.method'], SpanAttributes['http.method']) AS http_method,
    mapApply((key, value) -> (replaceAll(substring(key, 6), '_', '-'), value), mapFilter((key, value) -> key LIKE 'http.re%.header.%', SpanAttributes)) AS headers,
    arrayFirst(value -> value != '', [
        SpanAttributes['http.route'], SpanAttributes['url.template'], if(position(SpanName, ' /') > 0, substring(SpanName, position(SpanName, ' ') + 1), '')
    ]) AS known_route,
    arrayFirst(pair -> pair.2 != '', [
        ('attribute', SpanAttributes['throughline.api.version']),
        ('header', extract(headers['request.header.x-api-version'], '[^\\["\\]]+')),
        ('header', extract(headers['request.header.api-version'], '[^\\["\\]]+')),
        ('route', extract(arrayFirst(value -> value != '', [known_route, SpanAttributes['url.path'], SpanAttributes['http.target']]), '/v(\\d+(?:\\.\\d+)*)(?:[/?]|$)'))
    ]) AS named_version,
    toUInt32OrNull(extract(arrayFirst(value -> value != '', [headers['response.header.x-ratelimit-limit'], headers['response.header.ratelimit-limit']]), '\\d+')) AS allowed,
    toUInt32OrNull(extract(arrayFirst(value -> value != '', [headers['response.header.x-ratelimit-remaining'], headers['response.header.ratelimit-remaining']]), '\\d+')) AS remaining
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
    max(toUInt32OrNull(extract(headers['response.header.retry-after'], '^\\D{0,2}(\\d+)\\D{0,2}$'))) AS longest_retry_after_s,
    uniqState(reinterpretAsUInt64(unhex(SpanId))) AS calls
FROM otel_traces
WHERE SpanKind IN ('Client', 'Server', 'Producer', 'Consumer')
    AND (http_method != '' OR (SpanAttributes['db.system.name'] = '' AND SpanAttributes['db.system'] = ''))
GROUP BY hour, service, kind, peer, route, client, version_in, version, status, site, domain;

-- When each version of an API was seen first and last, and from whom.
CREATE TABLE IF NOT EXISTS span_versions
(
    service LowCardinality(String),
    kind LowCardinality(String),
    peer LowCardinality(String),
    route LowCardinality(String),
    client LowCardinality(String),
    version_in LowCardinality(String),
    version LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (service, kind, peer, route, client, version_in, version, site, domain)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS span_versions_from_traffic TO span_versions AS
SELECT service, kind, peer, route, client, version_in, version, site, domain, min(first_at) AS first_at, max(last_at) AS last_at
FROM span_traffic
GROUP BY service, kind, peer, route, client, version_in, version, site, domain;

-- Certificates that spans (`tls.server.not_after`, `tls.client.not_after`) or events (the attribute `certificate_not_after`)
-- showed, and when each was seen first and last.
CREATE TABLE IF NOT EXISTS certificates_seen
(
    source LowCardinality(String),
    type LowCardinality(String),
    service LowCardinality(String),
    peer LowCardinality(String),
    route LowCardinality(String),
    side LowCardinality(String),
    subject String,
    not_after DateTime('UTC'),
    site LowCardinality(String),
    domain LowCardinality(String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, type, service, peer, route, side, subject, not_after, site, domain)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS certificates_from_traces TO certificates_seen AS
SELECT
    '' AS source,
    '' AS type,
    ServiceName AS service,
    if(SpanKind = 'Server', '', substring(if(SpanAttributes['server.address'] != '', SpanAttributes['server.address'], SpanAttributes['net.peer.name']), 1, 200)) AS peer,
    substring(arrayFirst(value -> value != '', [
        SpanAttributes['http.route'], SpanAttributes['url.template'], if(position(SpanName, ' /') > 0, substring(SpanName, position(SpanName, ' ') + 1), '')
    ]), 1, 200) AS route,
    certificate.1 AS side,
    substring(certificate.3, 1, 200) AS subject,
    assumeNotNull(parseDateTimeBestEffortOrNull(certificate.2, 'UTC')) AS not_after,
    if(SpanAttributes['throughline.site'] != '', SpanAttributes['throughline.site'], ResourceAttributes['throughline.site']) AS site,
    if(SpanAttributes['throughline.domain'] != '', SpanAttributes['throughline.domain'], ResourceAttributes['throughline.domain']) AS domain,
    min(toDateTime64(Timestamp, 3, 'UTC')) AS first_at,
    max(toDateTime64(Timestamp, 3, 'UTC')) AS last_at
FROM otel_traces
ARRAY JOIN [
    ('server', SpanAttributes['tls.server.not_after'], SpanAttributes['tls.server.subject']),
    ('client', SpanAttributes['tls.client.not_after'], SpanAttributes['tls.client.subject'])
] AS certificate
WHERE (mapContains(SpanAttributes, 'tls.server.not_after') OR mapContains(SpanAttributes, 'tls.client.not_after'))
    AND isNotNull(parseDateTimeBestEffortOrNull(certificate.2, 'UTC'))
GROUP BY service, peer, route, side, subject, not_after, site, domain;

CREATE MATERIALIZED VIEW IF NOT EXISTS certificates_from_events TO certificates_seen AS
SELECT
    source,
    type,
    '' AS service,
    '' AS peer,
    '' AS route,
    if(JSONExtractString(attributes, 'certificate_side') = 'client', 'client', 'server') AS side,
    substring(JSONExtractString(attributes, 'certificate_subject'), 1, 200) AS subject,
    assumeNotNull(parseDateTimeBestEffortOrNull(JSONExtractString(attributes, 'certificate_not_after'), 'UTC')) AS not_after,
    site,
    domain,
    min(least(time, arrived_at)) AS first_at,
    max(least(time, arrived_at)) AS last_at
FROM events
WHERE position(attributes, '"certificate_not_after"') > 0
    AND isNotNull(parseDateTimeBestEffortOrNull(JSONExtractString(attributes, 'certificate_not_after'), 'UTC'))
GROUP BY source, type, side, subject, not_after, site, domain;
