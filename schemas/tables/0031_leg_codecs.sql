-- Neighbours in these tables are legs of one instance, whose times have no order but repeat one another: differences
-- compress worse than the values themselves. Parts that exist are packed anew when they merge.
ALTER TABLE leg_verdicts
    MODIFY COLUMN batch UInt64 CODEC(ZSTD(3)),
    MODIFY COLUMN dated_at DateTime64(3, 'UTC') CODEC(ZSTD(3)),
    MODIFY COLUMN started_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN ended_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN due_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN at_risk_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN budget_ms UInt64 CODEC(ZSTD(3)),
    MODIFY COLUMN wake_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN evaluated_at DateTime64(3, 'UTC') CODEC(ZSTD(3));

ALTER TABLE leg_dates
    MODIFY COLUMN batch UInt64 CODEC(ZSTD(3)),
    MODIFY COLUMN dated_at DateTime64(3, 'UTC') CODEC(ZSTD(3)),
    MODIFY COLUMN started_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN ended_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(3)),
    MODIFY COLUMN evaluated_at DateTime64(3, 'UTC') CODEC(ZSTD(3));
