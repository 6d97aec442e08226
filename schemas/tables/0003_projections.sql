-- Every verdict that was ever given of a leg, never changed: the one with the highest batch is the current one.
CREATE TABLE IF NOT EXISTS leg_verdicts
(
    flow LowCardinality(String),
    leg LowCardinality(String),
    instance_type LowCardinality(String),
    instance_id String CODEC(ZSTD(3)),
    occurrence UInt16 CODEC(ZSTD(1)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    verdict LowCardinality(String),
    dated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    started_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    ended_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    due_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    at_risk_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    excused_ms UInt64 CODEC(ZSTD(1)),
    budget_ms UInt64 CODEC(ZSTD(1)),
    calendar LowCardinality(String),
    start_log LowCardinality(String),
    start_position UInt64 CODEC(ZSTD(1)),
    end_log LowCardinality(String),
    end_position UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String),
    criticality LowCardinality(String),
    flags Array(LowCardinality(String)) CODEC(ZSTD(1)),
    reason String CODEC(ZSTD(3)),
    rule_version LowCardinality(String),
    wake_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    wake_source String CODEC(ZSTD(1)),
    wake_watermark Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    is_removed UInt8 CODEC(ZSTD(1)),
    INDEX by_date dated_at TYPE minmax GRANULARITY 4,
    INDEX by_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = {{MergeTree}}
ORDER BY (flow, leg, instance_type, instance_id, occurrence, batch)
SETTINGS index_granularity = 2048, {{durable}};

-- How many legs stand at each verdict, by the hour that dates them. Rows are changes (+1, -1) that sum to the count.
CREATE TABLE IF NOT EXISTS leg_rollups
(
    flow LowCardinality(String),
    leg LowCardinality(String),
    domain LowCardinality(String),
    site LowCardinality(String),
    criticality LowCardinality(String),
    verdict LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    legs Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(legs)
ORDER BY (flow, leg, domain, site, criticality, verdict, hour)
SETTINGS {{durable}};

-- Which objects a link leads between: `from` is nearer to the anchor of a flow, `to` farther.
CREATE TABLE IF NOT EXISTS object_links
(
    to_type LowCardinality(String),
    to_id String CODEC(ZSTD(3)),
    from_type LowCardinality(String),
    from_id String CODEC(ZSTD(3)),
    batch UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (to_type, to_id, from_type, from_id)
SETTINGS index_granularity = 2048, {{durable}};

-- What arrived from each source, minute by minute: changes that sum to the counts.
CREATE TABLE IF NOT EXISTS source_activity
(
    source LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta, ZSTD(1)),
    accepted Int64 CODEC(ZSTD(1)),
    duplicates Int64 CODEC(ZSTD(1)),
    superseded Int64 CODEC(ZSTD(1)),
    conflicts Int64 CODEC(ZSTD(1)),
    failed Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}((accepted, duplicates, superseded, conflicts, failed))
ORDER BY (source, site, domain, minute)
SETTINGS {{durable}};

-- What is known of each source: rows merge by their greatest (or least) values, so a repeated row changes nothing.
CREATE TABLE IF NOT EXISTS source_states
(
    source LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    first_event_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_event_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_arrived_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_heartbeat_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))),
    watermark_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))),
    last_sequence SimpleAggregateFunction(max, Int64),
    is_complete SimpleAggregateFunction(max, UInt8),
    types SimpleAggregateFunction(groupUniqArrayArray, Array(String))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, site, domain)
SETTINGS {{durable}};

-- Identities that came with more than one revision or content, and which of them counts after each batch.
CREATE TABLE IF NOT EXISTS contested_identities
(
    source LowCardinality(String),
    id String,
    batch UInt64,
    revision UInt32,
    digest String,
    is_conflict UInt8,
    site LowCardinality(String),
    domain LowCardinality(String),
    detected_at DateTime64(3, 'UTC')
)
ENGINE = {{MergeTree}}
ORDER BY (source, id, batch)
SETTINGS {{durable}};

-- Histories of more than a thousand events, folded up to an event time.
CREATE TABLE IF NOT EXISTS history_snapshots
(
    flow LowCardinality(String),
    instance_type LowCardinality(String),
    instance_id String,
    batch UInt64,
    folded_until DateTime64(3, 'UTC'),
    events UInt64,
    state String CODEC(ZSTD(3))
)
ENGINE = {{MergeTree}}
ORDER BY (flow, instance_type, instance_id, batch)
SETTINGS {{durable}};

-- The steps of each projection. `begin` fixes a batch's events, time and watermarks before anything is evaluated;
-- `commit` says that all of its results are stored.
CREATE TABLE IF NOT EXISTS projection_steps
(
    projector LowCardinality(String),
    shard UInt16,
    batch UInt64,
    phase LowCardinality(String),
    now DateTime64(3, 'UTC'),
    body String CODEC(ZSTD(3)),
    recorded_at DateTime64(3, 'UTC'),
    INDEX by_time recorded_at TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
ORDER BY (projector, shard, batch, phase)
SETTINGS {{durable}};
