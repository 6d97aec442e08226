-- How many legs were judged good or bad, minute by minute, for the burn of error budgets. Rows are changes that sum to the
-- counts; provisional verdicts are in neither. What is older than eight days is of no window any more.
CREATE TABLE IF NOT EXISTS leg_minutes
(
    flow LowCardinality(String),
    leg LowCardinality(String),
    domain LowCardinality(String),
    site LowCardinality(String),
    criticality LowCardinality(String),
    supplier LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta, ZSTD(1)),
    good Int64 CODEC(ZSTD(1)),
    bad Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}((good, bad))
PARTITION BY toDate(minute)
ORDER BY (flow, leg, domain, site, criticality, supplier, minute)
TTL minute + INTERVAL 8 DAY
SETTINGS ttl_only_drop_parts = 1, {{durable}};

TRUNCATE TABLE leg_minutes;

INSERT INTO leg_minutes (flow, leg, domain, site, criticality, supplier, minute, good, bad)
SELECT flow, leg, domain, site, criticality, supplier, toStartOfMinute(dated_at) AS minute,
    countIf(verdict = 'MET') AS good, countIf(verdict = 'BREACHED') AS bad
FROM
(
    SELECT * FROM leg_verdicts
    ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
    LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence
    SETTINGS optimize_read_in_order = 1
)
WHERE is_removed = 0 AND verdict IN ('MET', 'BREACHED') AND dated_at >= now() - INTERVAL 7 DAY
GROUP BY flow, leg, domain, site, criticality, supplier, minute;
