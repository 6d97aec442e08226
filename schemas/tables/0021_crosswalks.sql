-- What the codes of others are called here: every revision of every translation, never changed; the one with the highest revision
-- counts. It holds while its state is approved, from its first day to its last. An empty system, interface or day stands for any.
CREATE TABLE IF NOT EXISTS crosswalk_entries
(
    id String,
    revision UInt32,
    state LowCardinality(String),
    crosswalk LowCardinality(String),
    kind LowCardinality(String),
    from_system LowCardinality(String),
    from_value String,
    to_system LowCardinality(String),
    to_value String,
    reversible UInt8,
    interface LowCardinality(String),
    effective_from String,
    effective_to String,
    reason String CODEC(ZSTD(3)),
    import_id String,
    replaces String,
    proposed_at DateTime64(3, 'UTC'),
    proposed_by String,
    proposer String,
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
ORDER BY (id, revision)
SETTINGS {{durable}};
