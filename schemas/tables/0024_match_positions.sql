-- Order lines that bind or owe something: what is to come, what is received and not invoiced or invoiced and not received, what
-- never came, and those of which that cannot be said. Each is added when it begins to stand and taken away when another takes
-- its place, so that what lies here is about as much as is open. Rows with a sum of 0 fall away.
DROP TABLE IF EXISTS match_positions;

CREATE TABLE match_positions
(
    order_line String CODEC(ZSTD(3)),
    batch UInt64 CODEC(Delta, ZSTD(1)),
    supplier LowCardinality(String),
    company LowCardinality(String),
    item String CODEC(ZSTD(3)),
    ordered_on Date CODEC(Delta, ZSTD(1)),
    due_on LowCardinality(String),
    unit LowCardinality(String),
    currency LowCardinality(String),
    open Decimal(76, 18) CODEC(ZSTD(1)),
    commitment Decimal(76, 18) CODEC(ZSTD(1)),
    uncleared Decimal(76, 18) CODEC(ZSTD(1)),
    uncleared_worth Decimal(76, 18) CODEC(ZSTD(1)),
    short Decimal(76, 18) CODEC(ZSTD(1)),
    is_unknown UInt8 CODEC(ZSTD(1)),
    site LowCardinality(String),
    domain LowCardinality(String),
    results Int64 CODEC(ZSTD(1))
)
ENGINE = {{SummingMergeTree}}(results)
ORDER BY (order_line, batch)
SETTINGS index_granularity = 2048, {{durable}};

-- Results of earlier releases say no price: where they leave something open, that is not known until they change.
INSERT INTO match_positions
SELECT subject_id AS order_line, batch, supplier, company, item, toDate(entered_at) AS ordered_on, due_on,
    JSONExtractString(detail, 'unit') AS unit, currency, 0 AS open, 0 AS commitment,
    if(is_unknown, 0, toDecimal256OrZero(JSONExtractString(detail, 'uncleared'), 18)) AS uncleared,
    if(is_unknown, 0, toDecimal256OrZero(amount, 18)) AS uncleared_worth, 0 AS short,
    hasAny(codes, ['UOM_UNKNOWN', 'CURRENCY']) OR JSONExtractString(detail, 'open') NOT IN ('', '0') AS is_unknown,
    site, domain, 1 AS results
FROM
(
    SELECT * FROM match_results WHERE subject_type = 'purchase_order_line'
    ORDER BY subject_type, subject_id, document, kind, order_line, line, batch DESC
    LIMIT 1 BY subject_id
)
WHERE is_removed = 0 AND kind = 'order' AND (is_unknown OR JSONExtractString(detail, 'uncleared') NOT IN ('', '0'));
