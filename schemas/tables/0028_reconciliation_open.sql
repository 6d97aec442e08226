-- The items that are open without an end, by what is known now, with all that lists show of them. Each is added when it begins to be
-- known and taken away when it is known otherwise, so that what lies here is about as much as is open. Rows with a sum of 0 fall away.
CREATE TABLE IF NOT EXISTS reconciliation_open
(
    reconciliation LowCardinality(String),
    subject String CODEC(ZSTD(3)),
    unit LowCardinality(String),
    key String CODEC(ZSTD(3)),
    side LowCardinality(String),
    item String CODEC(ZSTD(3)),
    from_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    exact_value String CODEC(ZSTD(1)),
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
    balance String CODEC(ZSTD(1)),
    currency LowCardinality(String),
    entries_a Array(String) CODEC(ZSTD(3)),
    entries_b Array(String) CODEC(ZSTD(3)),
    supplier LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    items Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(items)
PRIMARY KEY (reconciliation, subject, unit, key, side, item, from_at)
ORDER BY (reconciliation, subject, unit, key, side, item, from_at, exact_value, since, last_at, due_at, period, is_matched,
    is_cleared_elsewhere, is_contested, has_failed, is_in_other_unit, quantities_agree, balance, currency, entries_a, entries_b,
    supplier, site, domain)
SETTINGS index_granularity = 2048, {{durable}};

TRUNCATE TABLE reconciliation_open;

-- Of finished steps only: one that was interrupted adds its own when it is repeated.
INSERT INTO reconciliation_open
SELECT reconciliation, subject, unit, key, side, item, from_at, exact_value, since, last_at, due_at, period, is_matched,
    is_cleared_elsewhere, is_contested, has_failed, is_in_other_unit, quantities_agree, balance, currency, entries_a, entries_b,
    supplier, site, domain, 1
FROM
(
    SELECT * FROM reconciliation_items
    WHERE batch <= (SELECT max(batch) FROM projection_steps WHERE projector = 'reconciler' AND phase = 'commit')
    ORDER BY reconciliation, subject, unit, key, side, item, from_at, batch DESC, is_removed
    LIMIT 1 BY reconciliation, subject, unit, key, side, item, from_at
)
WHERE is_removed = 0 AND until_at = toDateTime64('2262-01-01 00:00:00', 3, 'UTC');
