-- Named keys. Only a hash of the secret is kept; the row with the highest version counts.
CREATE TABLE IF NOT EXISTS api_keys
(
    id String,
    version UInt64,
    name String,
    hash FixedString(64),
    roles Array(LowCardinality(String)),
    sites Array(String),
    domains Array(String),
    created_at DateTime64(3, 'UTC'),
    created_by String,
    revoked_at Nullable(DateTime64(3, 'UTC')),
    revoked_by String
)
ENGINE = {{MergeTree}}
ORDER BY (id, version)
SETTINGS {{durable}};

-- Every write through the API: who did what to which thing, when.
CREATE TABLE IF NOT EXISTS audit_log
(
    at DateTime64(3, 'UTC'),
    actor LowCardinality(String),
    action LowCardinality(String),
    target String,
    detail String CODEC(ZSTD(3)),
    request_id String
)
ENGINE = {{MergeTree}}
ORDER BY (at, actor, action)
SETTINGS {{durable}};
