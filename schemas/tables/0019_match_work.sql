-- What a match is routed by besides its code and company.
ALTER TABLE match_results
    ADD COLUMN IF NOT EXISTS supplier_group LowCardinality(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS item_category LowCardinality(String) CODEC(ZSTD(1));

-- The results that stand and keep something from being paid. Each is added when it begins to stand and taken away when another
-- takes its place, so that what lies here is about as much as is open. Rows with a sum of 0 fall away.
DROP TABLE IF EXISTS match_open;

CREATE TABLE match_open
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
    fingerprint String CODEC(ZSTD(3)),
    amount String CODEC(ZSTD(3)),
    currency LowCardinality(String),
    company LowCardinality(String),
    supplier LowCardinality(String),
    supplier_group LowCardinality(String),
    item_category LowCardinality(String),
    entered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    due_on LowCardinality(String),
    discount_on LowCardinality(String),
    site LowCardinality(String),
    domain LowCardinality(String),
    results Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(results)
ORDER BY (entered_at, subject_type, subject_id, document, kind, order_line, line, batch)
SETTINGS index_granularity = 2048, {{durable}};

INSERT INTO match_open
SELECT subject_type, subject_id, document, kind, order_line, line, batch, outcome, codes, '' AS fingerprint, amount, currency,
    company, supplier, supplier_group, item_category, entered_at, due_on, discount_on, site, domain, 1 AS results
FROM
(
    SELECT * FROM match_results
    ORDER BY subject_type, subject_id, document, kind, order_line, line, batch DESC
    LIMIT 1 BY subject_type, subject_id, document, kind, order_line, line
)
WHERE is_removed = 0
    AND arrayExists(code -> code NOT IN ('UNDERBILL', 'DUP_PROBABLE', 'OVERDELIVERY', 'RETURN_NO_CREDIT', 'CONTRACT_PRICE', 'TAX'), codes);

-- The same results by the day of entry, with what lists are narrowed by.
CREATE TABLE IF NOT EXISTS match_dates
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
    company LowCardinality(String),
    supplier LowCardinality(String),
    entered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String),
    evaluated_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    is_removed UInt8 CODEC(ZSTD(1))
)
ENGINE = {{MergeTree}}
ORDER BY (toDate(entered_at), kind, outcome, subject_type, subject_id, document, order_line, line, batch)
SETTINGS index_granularity = 2048, {{durable}};

DROP VIEW IF EXISTS match_dates_from_results;

TRUNCATE TABLE match_dates;

INSERT INTO match_dates
SELECT subject_type, subject_id, document, kind, order_line, line, batch, outcome, codes, company, supplier, entered_at, site,
    domain, evaluated_at, is_removed
FROM match_results;

CREATE MATERIALIZED VIEW match_dates_from_results TO match_dates AS
SELECT subject_type, subject_id, document, kind, order_line, line, batch, outcome, codes, company, supplier, entered_at, site,
    domain, evaluated_at, is_removed
FROM match_results;

-- What people did about results that keep something from being paid: every act, never changed; the one with the highest version
-- says how the work stands. An acceptance is about one fingerprint of causes, and void when there is another.
CREATE TABLE IF NOT EXISTS match_work
(
    subject_type LowCardinality(String),
    subject_id String CODEC(ZSTD(3)),
    document String CODEC(ZSTD(3)),
    kind LowCardinality(String),
    order_line String CODEC(ZSTD(3)),
    line String CODEC(ZSTD(3)),
    version UInt32 CODEC(ZSTD(1)),
    verb LowCardinality(String),
    state LowCardinality(String),
    batch UInt64 CODEC(ZSTD(1)),
    fingerprint String CODEC(ZSTD(3)),
    taken_by String,
    taker String,
    accepted_by String,
    accepter String,
    approved_by String,
    approver String,
    reason String CODEC(ZSTD(3)),
    difference String,
    currency LowCardinality(String),
    minutes UInt32,
    worked_at DateTime64(3, 'UTC'),
    note String CODEC(ZSTD(3)),
    at DateTime64(3, 'UTC'),
    actor String,
    actor_name String,
    request_id String,
    site LowCardinality(String),
    domain LowCardinality(String)
)
ENGINE = {{MergeTree}}
ORDER BY (subject_type, subject_id, document, kind, order_line, line, version)
SETTINGS index_granularity = 2048, {{durable}};
