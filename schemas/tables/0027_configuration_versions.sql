-- What a tower was told to expect, entry by entry, and since when: source rules, objectives, interfaces, calendars and flows.
-- Of an entry the newest row up to a moment counts; `is_removed` says that it was gone from then on. A row of the kind `pack`
-- stands for each configuration that was loaded as a whole.
CREATE TABLE IF NOT EXISTS configuration_versions
(
    kind LowCardinality(String),
    id String,
    since DateTime64(3, 'UTC'),
    version String,
    place UInt32,
    is_removed UInt8,
    body String CODEC(ZSTD(3))
)
ENGINE = {{MergeTree}}
ORDER BY (kind, id, since)
SETTINGS {{durable}};
