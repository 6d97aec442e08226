-- Which types of events a source ever sent for which site, and since when that is known: who can carry a milestone.
CREATE TABLE IF NOT EXISTS source_types
(
    source LowCardinality(String),
    type LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    since_batch SimpleAggregateFunction(min, UInt64),
    known_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, type, site, domain)
SETTINGS {{durable}};

INSERT INTO source_types (source, type, site, domain, since_batch, known_at)
SELECT source, arrayJoin(types) AS type, site, domain, 0, min(first_event_at) FROM source_states GROUP BY ALL;

-- All that decides about a source, as the last step that touched it left it: the row with the highest batch counts.
CREATE TABLE IF NOT EXISTS feed_states
(
    source String,
    batch UInt64,
    body String CODEC(ZSTD(3))
)
ENGINE = {{ReplacingMergeTree}}(batch)
ORDER BY source
SETTINGS {{durable}};

-- When a source was silent: one row when it falls silent (`blind_until` is null), one when it is heard again. Event times
-- from `blind_from` on are not known; `known_at` and `batch` say since when the tower knew.
CREATE TABLE IF NOT EXISTS blind_intervals
(
    source LowCardinality(String),
    silent_since DateTime64(3, 'UTC'),
    batch UInt64,
    blind_from DateTime64(3, 'UTC'),
    blind_until Nullable(DateTime64(3, 'UTC')),
    known_at DateTime64(3, 'UTC'),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (source, silent_since, batch)
SETTINGS {{durable}};

-- How many events arrived behind the watermark of their source, minute by minute of arrival, and by how much at most.
CREATE TABLE IF NOT EXISTS source_lateness
(
    source LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta, ZSTD(1)),
    behind SimpleAggregateFunction(sum, Int64),
    behind_ms SimpleAggregateFunction(max, UInt64)
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, site, domain, minute)
SETTINGS {{durable}};

-- Missing sequence numbers, as ranges with both ends included. The row with the highest batch tells how a range stands: a
-- range that is partly filled is closed and its rest opened anew.
CREATE TABLE IF NOT EXISTS sequence_gaps
(
    source LowCardinality(String),
    epoch UInt32,
    first Int64,
    last Int64,
    batch UInt64,
    state LowCardinality(String),
    noticed_at DateTime64(3, 'UTC'),
    known_at DateTime64(3, 'UTC'),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (source, epoch, first, last, batch)
SETTINGS {{durable}};

-- The trailers of batches and files: what came, when, and what it says of itself.
CREATE TABLE IF NOT EXISTS feed_batches
(
    source LowCardinality(String),
    name LowCardinality(String),
    arrived_at DateTime64(3, 'UTC'),
    log LowCardinality(String),
    position UInt64,
    id String,
    time DateTime64(3, 'UTC'),
    rows Nullable(Int64),
    events Nullable(Int64),
    counted UInt64,
    watermark_at Nullable(DateTime64(3, 'UTC')),
    totals String CODEC(ZSTD(3)),
    batch UInt64,
    known_at DateTime64(3, 'UTC'),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (source, name, arrived_at, log, position)
SETTINGS {{durable}};
