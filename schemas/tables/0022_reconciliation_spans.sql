-- Over which minutes items are open, with what their class, cause and age depend on: what statements are sums of. Each is added
-- when it begins to be known and taken away when it is known otherwise; rows with a sum of 0 fall away. What does not last over
-- the end of a minute is in no statement, and not here. `since_before` is in minutes before `from_at`, `waits_ms` in
-- milliseconds after it.
CREATE TABLE IF NOT EXISTS reconciliation_spans
(
    reconciliation LowCardinality(String),
    until_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    from_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    unit LowCardinality(String),
    side LowCardinality(String),
    value String CODEC(ZSTD(1)),
    since_before Int64 CODEC(ZSTD(1)),
    waits_ms Int64 CODEC(ZSTD(1)),
    is_matched UInt8 CODEC(ZSTD(1)),
    is_cleared_elsewhere UInt8 CODEC(ZSTD(1)),
    has_failed UInt8 CODEC(ZSTD(1)),
    is_in_other_unit UInt8 CODEC(ZSTD(1)),
    quantities_agree LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    items Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(items)
PRIMARY KEY (reconciliation, until_at, from_at)
ORDER BY (reconciliation, until_at, from_at, unit, side, value, since_before, waits_ms, is_matched, is_cleared_elsewhere,
    has_failed, is_in_other_unit, quantities_agree, site, domain)
SETTINGS {{durable}};

TRUNCATE TABLE reconciliation_spans;

-- Of finished steps only: one that was interrupted adds its own when it is repeated.
INSERT INTO reconciliation_spans
SELECT reconciliation, fromUnixTimestamp64Milli(until_minute, 'UTC'), fromUnixTimestamp64Milli(from_minute, 'UTC'), unit, side, exact_value,
    intDiv(from_minute - since_ms + positiveModulo(since_ms, 60000), 60000), toUnixTimestamp64Milli(due_at) - from_minute, is_matched,
    is_cleared_elsewhere, has_failed, is_in_other_unit, quantities_agree, site, domain, 1
FROM
(
    SELECT *, toUnixTimestamp64Milli(since) AS since_ms,
        toUnixTimestamp64Milli(until_at) - positiveModulo(toUnixTimestamp64Milli(until_at), 60000) AS until_minute,
        toUnixTimestamp64Milli(from_at) - positiveModulo(toUnixTimestamp64Milli(from_at), 60000) AS from_minute
    FROM reconciliation_items
    WHERE batch <= (SELECT max(batch) FROM projection_steps WHERE projector = 'reconciler' AND phase = 'commit')
    ORDER BY reconciliation, subject, unit, key, side, item, from_at, batch DESC
    LIMIT 1 BY reconciliation, subject, unit, key, side, item, from_at
)
WHERE is_removed = 0 AND until_minute > from_minute;

-- What is said elsewhere: the value exactly in `exact_value`, the time of evaluation in the step of the batch.
ALTER TABLE reconciliation_items
    DROP COLUMN IF EXISTS value,
    DROP COLUMN IF EXISTS evaluated_at;

ALTER TABLE reconciliation_subjects
    DROP COLUMN IF EXISTS evaluated_at;
