-- When the curves of a flow were frozen, once a day: `begin` fixes what they are made of, `commit` says that they are stored.
CREATE TABLE IF NOT EXISTS forecast_steps
(
    flow LowCardinality(String),
    day Date CODEC(Delta, ZSTD(1)),
    phase LowCardinality(String),
    body String CODEC(ZSTD(3)),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = {{MergeTree}}
ORDER BY (flow, day, phase)
SETTINGS {{durable}};

-- How legs like each other went on, as frozen on a day and never changed: by the points of a grid of shares of the budget,
-- how many had run at least as long, and the chance to miss the deadline when still running there.
CREATE TABLE IF NOT EXISTS leg_forecasts
(
    flow LowCardinality(String),
    day Date CODEC(Delta, ZSTD(1)),
    leg LowCardinality(String),
    calendar LowCardinality(String),
    criticality LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    supplier LowCardinality(String),
    hours LowCardinality(String),
    level LowCardinality(String),
    legs Array(UInt32) CODEC(ZSTD(3)),
    late Array(Float32) CODEC(ZSTD(3))
)
ENGINE = {{MergeTree}}
ORDER BY (flow, day, leg, calendar, criticality, site, supplier, hours)
SETTINGS index_granularity = 1024, {{durable}};
