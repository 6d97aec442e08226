-- Whose deliveries a leg is about, and what moved its deadline: a list as JSON, empty for nearly every leg.
ALTER TABLE leg_verdicts
    ADD COLUMN IF NOT EXISTS supplier LowCardinality(String) AFTER criticality,
    ADD COLUMN IF NOT EXISTS moves String CODEC(ZSTD(3)) AFTER reason;

-- `ended` is 1 when the leg has an end: an overdue leg with an end stays what it is when its feed goes silent.
ALTER TABLE leg_rollups
    ADD COLUMN IF NOT EXISTS supplier LowCardinality(String) AFTER criticality,
    ADD COLUMN IF NOT EXISTS ended UInt8 CODEC(ZSTD(1)) AFTER hour,
    MODIFY ORDER BY (flow, leg, domain, site, criticality, verdict, hour, supplier, ended);

-- The counts are made anew with the new columns; the current verdict of each leg says what they are.
TRUNCATE TABLE leg_rollups;

INSERT INTO leg_rollups (flow, leg, domain, site, criticality, supplier, verdict, hour, ended, legs)
SELECT flow, leg, domain, site, criticality, supplier, verdict, toStartOfHour(dated_at) AS hour, ended_at IS NOT NULL AS ended, count()
FROM
(
    SELECT * FROM leg_verdicts
    ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
    LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence
    SETTINGS optimize_read_in_order = 1
)
WHERE is_removed = 0
GROUP BY flow, leg, domain, site, criticality, supplier, verdict, hour, ended;

-- Which rules a flow has had and since when: legs that began before a change keep the rules that they began under.
CREATE TABLE IF NOT EXISTS rule_versions
(
    flow LowCardinality(String),
    since DateTime64(3, 'UTC'),
    rule_version String,
    body String CODEC(ZSTD(3))
)
ENGINE = {{MergeTree}}
ORDER BY (flow, since, rule_version)
SETTINGS {{durable}};
