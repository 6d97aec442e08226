-- Open items over times in which they did not change, never changed themselves: of one slot the row with the highest batch
-- counts. An item that is still open has a far `until_at`.
CREATE TABLE IF NOT EXISTS reconciliation_items
(
    reconciliation LowCardinality(String),
    subject String CODEC(ZSTD(3)),
    unit LowCardinality(String),
    key String CODEC(ZSTD(3)),
    side LowCardinality(String),
    item String CODEC(ZSTD(3)),
    from_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    until_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    value Decimal(76, 18) CODEC(ZSTD(1)),
    exact_value String CODEC(ZSTD(3)),
    since DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    last_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    due_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    period LowCardinality(String),
    is_matched UInt8 CODEC(ZSTD(1)),
    is_cleared_elsewhere UInt8 CODEC(ZSTD(1)),
    is_contested UInt8 CODEC(ZSTD(1)),
    has_failed UInt8 CODEC(ZSTD(1)),
    is_in_other_unit UInt8 CODEC(ZSTD(1)),
    quantities_agree LowCardinality(String),
    balance String CODEC(ZSTD(3)),
    currency LowCardinality(String),
    entries_a Array(String) CODEC(ZSTD(3)),
    entries_b Array(String) CODEC(ZSTD(3)),
    supplier LowCardinality(String),
    rule_version LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    is_removed UInt8 CODEC(ZSTD(1))
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, subject, unit, key, side, item, from_at, batch)
SETTINGS index_granularity = 2048, {{durable}};

-- How the items of each object came and went, as it was last said: what the next change of the sums is taken from.
CREATE TABLE IF NOT EXISTS reconciliation_subjects
(
    reconciliation LowCardinality(String),
    subject String CODEC(ZSTD(3)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    flows String CODEC(ZSTD(3)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, subject, batch)
SETTINGS index_granularity = 2048, {{durable}};

-- What opened and cleared items, and what both sides add up to (kinds a and b), by minute. Rows are changes that sum to it.
CREATE TABLE IF NOT EXISTS reconciliation_flows
(
    reconciliation LowCardinality(String),
    unit LowCardinality(String),
    kind LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    minute DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    items Int64 CODEC(ZSTD(1)),
    value Decimal(76, 18) CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}((items, value))
ORDER BY (reconciliation, unit, kind, domain, site, minute)
SETTINGS {{durable}};
