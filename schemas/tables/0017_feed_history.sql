-- How each source stood at the end of each minute in which a step touched it: `until` is that end, by the step's own clock,
-- and of a minute the row with the highest batch counts. A row without a source says since when this is kept, where a store
-- held sources before.
CREATE TABLE IF NOT EXISTS feed_history
(
    source LowCardinality(String),
    until DateTime('UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    body String CODEC(ZSTD(3))
)
ENGINE = {{ReplacingMergeTree}}(batch)
ORDER BY (source, until)
SETTINGS index_granularity = 1024, {{durable}};

-- What became known of each source in each minute: the greatest (or least) values of the rows up to a moment are what
-- `source_states` held then.
CREATE TABLE IF NOT EXISTS source_history
(
    source LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    until DateTime('UTC') CODEC(Delta, ZSTD(1)),
    first_event_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    last_event_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    last_arrived_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    last_heartbeat_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) CODEC(ZSTD(1)),
    watermark_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) CODEC(ZSTD(1)),
    last_sequence SimpleAggregateFunction(max, Int64) CODEC(ZSTD(1)),
    is_complete SimpleAggregateFunction(max, UInt8) CODEC(ZSTD(1))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, site, domain, until)
SETTINGS {{durable}};

TRUNCATE TABLE feed_history;

TRUNCATE TABLE source_history;

INSERT INTO feed_history (source, until, batch, body)
SELECT source, toStartOfMinute(now('UTC')) + INTERVAL 1 MINUTE, 0, argMax(body, batch) FROM feed_states GROUP BY source;

INSERT INTO source_history
SELECT source, site, domain, toStartOfMinute(now('UTC')) + INTERVAL 1 MINUTE, min(first_event_at), max(last_event_at),
    max(last_arrived_at), max(last_heartbeat_at), max(watermark_at), max(last_sequence), max(is_complete)
FROM source_states
GROUP BY source, site, domain;

INSERT INTO feed_history (source, until, batch, body)
SELECT '', max(until), 0, '' FROM source_history HAVING count() > 0;
