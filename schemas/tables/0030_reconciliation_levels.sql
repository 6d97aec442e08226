-- The counts that stand, or have stood, of each key that is counted: between which moments its movements are held against them.
-- A row may be there twice.
CREATE TABLE IF NOT EXISTS reconciliation_levels
(
    reconciliation LowCardinality(String),
    key String CODEC(ZSTD(3)),
    unit LowCardinality(String),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    id String CODEC(ZSTD(3)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, key, at, id)
SETTINGS index_granularity = 2048, {{durable}};
