-- Which events state units of an item, so that a leg that ends by quantity converts by them.
CREATE TABLE IF NOT EXISTS item_unit_events
(
    item String CODEC(ZSTD(3)),
    log LowCardinality(String),
    position UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (item, log, position)
SETTINGS index_granularity = 2048, {{durable}};

TRUNCATE TABLE item_unit_events;

INSERT INTO item_unit_events
SELECT object_id, log, position, site, domain
FROM events
ARRAY JOIN object_types AS object_type, object_ids AS object_id
WHERE type IN ('erp.item.changed', 'pharmacy.crosswalk.published') AND object_type = 'item';

-- Which instances had quantities of an item in more than one unit: they are evaluated again when its units are stated anew.
CREATE TABLE IF NOT EXISTS leg_unit_uses
(
    item String CODEC(ZSTD(3)),
    flow LowCardinality(String),
    instance_id String CODEC(ZSTD(3)),
    batch UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (item, flow, instance_id, batch)
SETTINGS index_granularity = 2048, {{durable}};
