-- Every result that matching ever gave, never changed: the one with the highest batch is the current one. Kinds: an invoice as
-- a whole, its lines on one order line, and an order line itself (whose subject is the order line).
CREATE TABLE IF NOT EXISTS match_results
(
    subject_type LowCardinality(String),
    subject_id String CODEC(ZSTD(3)),
    document String CODEC(ZSTD(3)),
    kind LowCardinality(String),
    order_line String CODEC(ZSTD(3)),
    line String CODEC(ZSTD(3)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    outcome LowCardinality(String),
    codes Array(LowCardinality(String)) CODEC(ZSTD(1)),
    causes String CODEC(ZSTD(3)),
    detail String CODEC(ZSTD(3)),
    amount String CODEC(ZSTD(3)),
    currency LowCardinality(String),
    company LowCardinality(String),
    supplier LowCardinality(String),
    item String CODEC(ZSTD(3)),
    is_contested UInt8 CODEC(ZSTD(1)),
    entered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    due_on String CODEC(ZSTD(3)),
    discount_on String CODEC(ZSTD(3)),
    profile LowCardinality(String),
    rule_version LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    is_removed UInt8 CODEC(ZSTD(1)),
    INDEX by_order order_line TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_item item TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_batch batch TYPE minmax GRANULARITY 4
)
ENGINE = {{MergeTree}}
ORDER BY (subject_type, subject_id, document, kind, order_line, line, batch)
SETTINGS index_granularity = 2048, {{durable}};

-- How many results stand at each outcome, by the day of entry, and how many have each code. Rows are changes that sum to the
-- counts; the code is empty in those that count results.
CREATE TABLE IF NOT EXISTS match_rollups
(
    kind LowCardinality(String),
    outcome LowCardinality(String),
    code LowCardinality(String),
    domain LowCardinality(String),
    site LowCardinality(String),
    company LowCardinality(String),
    supplier LowCardinality(String),
    day Date CODEC(Delta, ZSTD(1)),
    results Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(results)
ORDER BY (kind, outcome, code, domain, site, company, supplier, day)
SETTINGS {{durable}};

-- Where to find what matching looks up: invoices that could be the same one by `duplicate`, facts of an item, an agreed price
-- or a whole order by `item`, `contract_price` and `purchase_order`.
CREATE TABLE IF NOT EXISTS match_lookups
(
    kind LowCardinality(String),
    key String CODEC(ZSTD(3)),
    subject_type LowCardinality(String),
    subject_id String CODEC(ZSTD(3)),
    log LowCardinality(String),
    position UInt64 CODEC(ZSTD(1)),
    batch UInt64 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (kind, key, subject_type, subject_id, batch)
SETTINGS index_granularity = 2048, {{durable}};
