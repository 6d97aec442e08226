-- For which suppliers each source sends, as the events that are kept say: a site of a type with more than fifty is one row
-- with `*`, and an empty supplier stands for events that name none. What no kept event tells stays as it was known.
ALTER TABLE source_types ADD COLUMN IF NOT EXISTS supplier LowCardinality(String) AFTER domain;

DROP TABLE IF EXISTS source_types_by_supplier;

CREATE TABLE source_types_by_supplier
(
    source LowCardinality(String),
    type LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    supplier LowCardinality(String),
    since_batch SimpleAggregateFunction(min, UInt64),
    known_at SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = {{AggregatingMergeTree}}
ORDER BY (source, type, site, domain, supplier)
SETTINGS {{durable}};

INSERT INTO source_types_by_supplier (source, type, site, domain, supplier, since_batch, known_at)
WITH named AS
(
    SELECT source, type, site, domain, arrayJoin(if(empty(suppliers), [''], suppliers)) AS supplier, min(arrived_at) AS known_at
    FROM
    (
        SELECT source, type, site, domain, arrived_at,
            arrayDistinct(arrayFilter((id, kind) -> kind = 'supplier', object_ids, object_types)) AS suppliers
        FROM events
        WHERE type NOT IN ('throughline.feed.heartbeat', 'throughline.feed.batch')
    )
    GROUP BY source, type, site, domain, supplier
)
SELECT source, type, site, domain, kept.1, 0, kept.2
FROM
(
    SELECT source, type, site, domain,
        arrayJoin(if(count() > 50, [('*', min(known_at))], groupArray((toString(supplier), known_at)))) AS kept
    FROM named
    GROUP BY source, type, site, domain
);

INSERT INTO source_types_by_supplier (source, type, site, domain, supplier, since_batch, known_at)
SELECT source, type, site, domain, supplier, min(since_batch), min(known_at)
FROM source_types
WHERE (source, type, site, domain) NOT IN (SELECT source, type, site, domain FROM source_types_by_supplier)
GROUP BY source, type, site, domain, supplier;

EXCHANGE TABLES source_types AND source_types_by_supplier;

DROP TABLE source_types_by_supplier;
