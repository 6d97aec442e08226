-- Who decided about a replay order. Orders of before were in force as they were given, and stay so.
ALTER TABLE edge_orders
    ADD COLUMN IF NOT EXISTS decided_at Nullable(DateTime64(3, 'UTC')) AFTER orderer,
    ADD COLUMN IF NOT EXISTS decided_by String AFTER decided_at,
    ADD COLUMN IF NOT EXISTS decider String AFTER decided_by,
    ADD COLUMN IF NOT EXISTS note String AFTER actor_name;

-- How each edge is, as it said it last.
CREATE TABLE IF NOT EXISTS edge_states
(
    edge LowCardinality(String),
    at DateTime64(3, 'UTC'),
    arrived_at DateTime64(3, 'UTC'),
    body String CODEC(ZSTD(3)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{ReplacingMergeTree}}(at)
ORDER BY (site, edge)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS edge_states_from_events TO edge_states AS
SELECT JSONExtractString(attributes, 'edge') AS edge, time AS at, arrived_at, attributes AS body, site, '' AS domain
FROM events
WHERE type = 'throughline.edge.state';
