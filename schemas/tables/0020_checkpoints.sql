-- What a reconciliation came to at a cut-off, as it was found once and never changed: from which events (`cursors` says up to
-- where of each log), by which rules and watermarks (`inputs`), and with which result.
CREATE TABLE IF NOT EXISTS reconciliation_checkpoints
(
    reconciliation LowCardinality(String),
    company LowCardinality(String),
    cutoff_at DateTime64(3, 'UTC'),
    id String,
    from_at DateTime64(3, 'UTC'),
    period LowCardinality(String),
    arrived_at Nullable(DateTime64(3, 'UTC')),
    cursors String CODEC(ZSTD(3)),
    inputs String CODEC(ZSTD(3)),
    input_digest String,
    facts UInt64,
    rule_version LowCardinality(String),
    result String CODEC(ZSTD(3)),
    result_digest String,
    row_count UInt32,
    at DateTime64(3, 'UTC'),
    actor String,
    actor_name String,
    request_id String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, company, cutoff_at, id)
SETTINGS {{durable}};

-- The rows that a lock keeps of its checkpoint, in their order: open items, what opened and cleared them, and both sides. `body`
-- is the row as text, which a reproduction has to give again byte for byte; the other columns are read from it.
CREATE TABLE IF NOT EXISTS reconciliation_checkpoint_rows
(
    checkpoint String,
    ordinal UInt32 CODEC(Delta, ZSTD(1)),
    kind LowCardinality(String),
    unit LowCardinality(String),
    key String CODEC(ZSTD(3)),
    side LowCardinality(String),
    item String CODEC(ZSTD(3)),
    class LowCardinality(String),
    cause LowCardinality(String),
    days LowCardinality(String),
    is_beyond UInt8 CODEC(ZSTD(1)),
    items Int64 CODEC(ZSTD(1)),
    value Decimal(76, 18) CODEC(ZSTD(1)),
    gross Decimal(76, 18) CODEC(ZSTD(1)),
    body String CODEC(ZSTD(3)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (checkpoint, ordinal)
SETTINGS index_granularity = 2048, {{durable}};

-- Who locked and unlocked the period of a company, and why; the row with the highest version counts.
CREATE TABLE IF NOT EXISTS reconciliation_locks
(
    reconciliation LowCardinality(String),
    company LowCardinality(String),
    cutoff_at DateTime64(3, 'UTC'),
    version UInt32,
    from_at DateTime64(3, 'UTC'),
    state LowCardinality(String),
    checkpoint String,
    reason String CODEC(ZSTD(3)),
    at DateTime64(3, 'UTC'),
    actor String,
    actor_name String,
    request_id String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, company, cutoff_at, version)
SETTINGS {{durable}};

-- Items that a person put together though they have no common key, and who agreed; the row with the highest version counts.
CREATE TABLE IF NOT EXISTS reconciliation_confirmations
(
    reconciliation LowCardinality(String),
    id String,
    version UInt32,
    state LowCardinality(String),
    unit LowCardinality(String),
    items String CODEC(ZSTD(3)),
    gross String,
    reason String CODEC(ZSTD(3)),
    requested_at DateTime64(3, 'UTC'),
    requested_by String,
    requester String,
    decided_at Nullable(DateTime64(3, 'UTC')),
    decided_by String,
    decider String,
    at DateTime64(3, 'UTC'),
    actor String,
    actor_name String,
    note String CODEC(ZSTD(3)),
    request_id String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (reconciliation, id, version)
SETTINGS {{durable}};

-- The flows by quarters of an hour, which any day of any time zone is made of.
CREATE TABLE IF NOT EXISTS reconciliation_flow_quarters
(
    reconciliation LowCardinality(String),
    unit LowCardinality(String),
    kind LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    quarter DateTime('UTC') CODEC(Delta, ZSTD(1)),
    items Int64 CODEC(ZSTD(1)),
    value Decimal(76, 18) CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}((items, value))
ORDER BY (reconciliation, unit, kind, domain, site, quarter)
SETTINGS {{durable}};

TRUNCATE TABLE reconciliation_flow_quarters;

INSERT INTO reconciliation_flow_quarters (reconciliation, unit, kind, site, domain, quarter, items, value)
SELECT reconciliation, unit, kind, site, domain, toStartOfInterval(toDateTime(minute, 'UTC'), INTERVAL 15 MINUTE) AS quarter, sum(items), sum(value)
FROM reconciliation_flows
GROUP BY reconciliation, unit, kind, site, domain, quarter;

CREATE MATERIALIZED VIEW IF NOT EXISTS reconciliation_flow_quarters_from_flows TO reconciliation_flow_quarters AS
SELECT reconciliation, unit, kind, site, domain, toStartOfInterval(toDateTime(minute, 'UTC'), INTERVAL 15 MINUTE) AS quarter, sum(items) AS items, sum(value) AS value
FROM reconciliation_flows
GROUP BY reconciliation, unit, kind, site, domain, quarter;

-- Since when what was last said of an object is known, so that an earlier moment can be read again.
ALTER TABLE reconciliation_subjects
    ADD COLUMN IF NOT EXISTS evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) AFTER batch;
