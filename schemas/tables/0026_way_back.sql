-- What waits at edges for crosswalks, as each edge said it last: of the rows of one value the one with the latest time counts.
CREATE TABLE IF NOT EXISTS mapping_waits
(
    source LowCardinality(String),
    crosswalk LowCardinality(String),
    value String,
    interface LowCardinality(String),
    kind LowCardinality(String),
    at DateTime64(3, 'UTC'),
    documents UInt32,
    since String,
    types Array(LowCardinality(String)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (crosswalk, value, interface, site, domain, at)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS mapping_waits_from_events TO mapping_waits AS
SELECT
    source,
    JSONExtractString(attributes, 'table') AS crosswalk,
    JSONExtractString(attributes, 'value') AS value,
    JSONExtractString(attributes, 'interface') AS interface,
    JSONExtractString(attributes, 'kind') AS kind,
    time AS at,
    JSONExtractUInt(attributes, 'documents') AS documents,
    JSONExtractString(attributes, 'since') AS since,
    JSONExtract(attributes, 'types', 'Array(String)') AS types,
    site,
    JSONExtractString(attributes, 'domain') AS domain
FROM events
WHERE type = 'throughline.mapping.waiting';

-- What edges applied, refused and did.
CREATE TABLE IF NOT EXISTS edge_reports
(
    edge LowCardinality(String),
    at DateTime64(3, 'UTC'),
    arrived_at DateTime64(3, 'UTC'),
    kind LowCardinality(String),
    version UInt64,
    reason String CODEC(ZSTD(3)),
    order_id String,
    documents UInt32,
    events UInt32,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (edge, at, order_id)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS edge_reports_from_events TO edge_reports AS
SELECT
    JSONExtractString(attributes, 'edge') AS edge,
    time AS at,
    arrived_at,
    JSONExtractString(attributes, 'kind') AS kind,
    JSONExtractUInt(attributes, 'version') AS version,
    JSONExtractString(attributes, 'reason') AS reason,
    JSONExtractString(attributes, 'order') AS order_id,
    JSONExtractUInt(attributes, 'documents') AS documents,
    JSONExtractUInt(attributes, 'events') AS events,
    site,
    '' AS domain
FROM events
WHERE type = 'throughline.edge.reported';

-- Replay orders, never changed; the one with the highest revision counts.
CREATE TABLE IF NOT EXISTS edge_orders
(
    id String,
    revision UInt32,
    state LowCardinality(String),
    interface LowCardinality(String),
    target String CODEC(ZSTD(3)),
    revision_of String CODEC(ZSTD(3)),
    reason String CODEC(ZSTD(3)),
    expires_at DateTime64(3, 'UTC'),
    ordered_at DateTime64(3, 'UTC'),
    ordered_by String,
    orderer String,
    at DateTime64(3, 'UTC'),
    actor String,
    actor_name String,
    request_id String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (id, revision)
SETTINGS {{durable}};

-- Which mappings a gateway gave out, and since when: each change counts as a version.
CREATE TABLE IF NOT EXISTS edge_mappings
(
    at DateTime64(3, 'UTC'),
    digest FixedString(64)
)
ENGINE = {{MergeTree}}
ORDER BY at
SETTINGS {{durable}};
