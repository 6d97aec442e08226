-- What became at edges of the documents that used a translation which another took the place of, as each edge said it last.
CREATE TABLE IF NOT EXISTS mapping_replacements
(
    source LowCardinality(String),
    crosswalk LowCardinality(String),
    value String,
    replaced String,
    replacement String,
    interface LowCardinality(String),
    at DateTime64(3, 'UTC'),
    documents UInt32,
    lost UInt32,
    oldest String,
    newest String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (crosswalk, value, interface, site, domain, at)
SETTINGS {{durable}};

CREATE MATERIALIZED VIEW IF NOT EXISTS mapping_replacements_from_events TO mapping_replacements AS
SELECT
    source,
    JSONExtractString(attributes, 'table') AS crosswalk,
    JSONExtractString(attributes, 'value') AS value,
    JSONExtractString(attributes, 'replaced') AS replaced,
    JSONExtractString(attributes, 'replacement') AS replacement,
    JSONExtractString(attributes, 'interface') AS interface,
    time AS at,
    JSONExtractUInt(attributes, 'documents') AS documents,
    JSONExtractUInt(attributes, 'lost') AS lost,
    JSONExtractString(attributes, 'oldest') AS oldest,
    JSONExtractString(attributes, 'newest') AS newest,
    site,
    JSONExtractString(attributes, 'domain') AS domain
FROM events
WHERE type = 'throughline.mapping.replaced';
