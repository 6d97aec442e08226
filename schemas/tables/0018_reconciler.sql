-- Each projector knows of repetitions up to its own position. Rows of earlier releases are those of the legs.
ALTER TABLE contested_identities
    ADD COLUMN IF NOT EXISTS projector LowCardinality(String) DEFAULT 'legs';

-- The tolerances, units and reconciliations that a step of the reconciler began under, by a digest of them: a step that a crash
-- interrupted is finished under the same.
CREATE TABLE IF NOT EXISTS reconciler_rules
(
    version String,
    body String CODEC(ZSTD(3)),
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = {{MergeTree}}
ORDER BY version
SETTINGS {{durable}};
