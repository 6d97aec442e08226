-- The verdicts of one instance lie together, whatever their leg: a journey and an evaluation read one place instead of one
-- for each leg. The table is made anew in that order; a repetition begins again.
DROP TABLE IF EXISTS leg_verdicts_by_instance;

CREATE TABLE leg_verdicts_by_instance AS leg_verdicts
ENGINE = {{MergeTree}}
ORDER BY (flow, instance_type, instance_id, leg, occurrence, batch)
SETTINGS index_granularity = 512, min_compress_block_size = 4096, {{durable}};

INSERT INTO leg_verdicts_by_instance SELECT * FROM leg_verdicts;

EXCHANGE TABLES leg_verdicts AND leg_verdicts_by_instance;

DROP TABLE leg_verdicts_by_instance;

-- The same verdicts by the hour that dates them, with what lists are narrowed by.
CREATE TABLE IF NOT EXISTS leg_dates
(
    flow LowCardinality(String),
    leg LowCardinality(String),
    instance_type LowCardinality(String),
    instance_id String CODEC(ZSTD(3)),
    occurrence UInt16 CODEC(ZSTD(1)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    verdict LowCardinality(String),
    dated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    started_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    ended_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String),
    criticality LowCardinality(String),
    supplier LowCardinality(String),
    evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    is_removed UInt8 CODEC(ZSTD(1))
)
ENGINE = {{MergeTree}}
ORDER BY (toStartOfHour(dated_at), verdict, flow, leg, instance_type, instance_id, occurrence, batch)
SETTINGS index_granularity = 2048, {{durable}};

DROP VIEW IF EXISTS leg_dates_from_verdicts;

TRUNCATE TABLE leg_dates;

INSERT INTO leg_dates
SELECT flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, started_at, ended_at, site, domain,
    criticality, supplier, evaluated_at, is_removed
FROM leg_verdicts;

CREATE MATERIALIZED VIEW leg_dates_from_verdicts TO leg_dates AS
SELECT flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, started_at, ended_at, site, domain,
    criticality, supplier, evaluated_at, is_removed
FROM leg_verdicts;
