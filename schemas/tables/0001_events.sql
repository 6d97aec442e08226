-- Every business event exactly as acknowledged, duplicates included, in the order of its gateway's log.
CREATE TABLE IF NOT EXISTS events
(
    log LowCardinality(String),
    position UInt64 CODEC(Delta, ZSTD(1)),
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    id String CODEC(ZSTD(3)),
    identity UInt64 ALIAS sipHash64(source, id),
    revision UInt32 CODEC(ZSTD(1)),
    digest FixedString(16) CODEC(NONE),
    type LowCardinality(String),
    domain LowCardinality(String),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    subject String CODEC(ZSTD(3)),
    object_types Array(LowCardinality(String)) CODEC(ZSTD(1)),
    object_ids Array(String) CODEC(ZSTD(3)),
    object_roles Array(LowCardinality(String)) CODEC(ZSTD(1)),
    outcome LowCardinality(String),
    error String CODEC(ZSTD(3)),
    attempt UInt16 CODEC(ZSTD(1)),
    reason String CODEC(ZSTD(3)),
    reverses String CODEC(ZSTD(3)),
    measure_names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    measure_values Array(String) CODEC(ZSTD(3)),
    measure_units Array(LowCardinality(String)) CODEC(ZSTD(1)),
    measure_currencies Array(LowCardinality(String)) CODEC(ZSTD(1)),
    attributes String CODEC(ZSTD(3)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    sequence Int64 CODEC(Delta, ZSTD(1)),
    payload String CODEC(ZSTD(3)),
    extensions String CODEC(ZSTD(3)),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = {{MergeTree}}
PARTITION BY toYYYYMM(arrived_at)
ORDER BY (log, position)
SETTINGS index_granularity = 2048, {{durable}};

-- Which events concern an object. Rows are thin: the event itself is found by its position.
CREATE TABLE IF NOT EXISTS object_events
(
    object_type LowCardinality(String),
    object_id String CODEC(ZSTD(3)),
    time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    log LowCardinality(String),
    position UInt64 CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (object_type, object_id, time, log, position)
SETTINGS index_granularity = 2048, {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS object_events_from_events TO object_events AS
SELECT object_type, object_id, time, log, position, site, domain
FROM events
ARRAY JOIN object_types AS object_type, object_ids AS object_id;

-- Where an identity (source, id) occurs, so that repetitions, revisions and conflicts are found over all time.
CREATE TABLE IF NOT EXISTS event_identities
(
    identity UInt64 CODEC(Delta, ZSTD(1)),
    log LowCardinality(String),
    position UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = {{MergeTree}}
ORDER BY (identity, log, position)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS event_identities_from_events TO event_identities AS
SELECT sipHash64(source, id) AS identity, log, position FROM events;

-- What was refused: its bytes, each path and reason, and who sent it.
CREATE TABLE IF NOT EXISTS quarantine
(
    log LowCardinality(String),
    position UInt64 CODEC(Delta, ZSTD(1)),
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    route LowCardinality(String),
    actor LowCardinality(String),
    source String,
    site LowCardinality(String),
    domain LowCardinality(String),
    content_type LowCardinality(String),
    code LowCardinality(String),
    issues String CODEC(ZSTD(3)),
    bytes String CODEC(ZSTD(3)),
    size_bytes UInt64,
    digest FixedString(32)
)
ENGINE = {{MergeTree}}
PARTITION BY toYYYYMM(arrived_at)
ORDER BY (log, position)
SETTINGS {{durable}};

-- One row when all tables have taken a batch. Readers follow a log over contiguous rows of it.
CREATE TABLE IF NOT EXISTS commits
(
    log LowCardinality(String),
    batch UInt64,
    first_position UInt64,
    last_position UInt64,
    events UInt32,
    spans UInt32,
    logs UInt32,
    quarantined UInt32,
    committed_at DateTime64(3, 'UTC'),
    INDEX by_time committed_at TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
ORDER BY (log, batch)
SETTINGS {{durable}};
