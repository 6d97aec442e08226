-- Excuses and pauses: every version of every window, never changed; the one with the highest version counts. A window moves
-- deadlines while its state is approved or ended. An empty flow, leg, site, supplier or source stands for any.
CREATE TABLE IF NOT EXISTS excuse_windows
(
    id String,
    version UInt32,
    kind LowCardinality(String),
    state LowCardinality(String),
    flow LowCardinality(String),
    leg LowCardinality(String),
    supplier String,
    source String,
    from_at DateTime64(3, 'UTC'),
    until_at Nullable(DateTime64(3, 'UTC')),
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
ORDER BY (id, version)
SETTINGS {{durable}};

-- Which version of a window the projection goes by, and since which of its steps.
CREATE TABLE IF NOT EXISTS excuse_uses
(
    shard UInt16,
    id String,
    version UInt32,
    batch UInt64,
    in_force UInt8
)
ENGINE = {{MergeTree}}
ORDER BY (shard, id, batch)
SETTINGS {{durable}};
