-- How much later than its time an event may have happened, in milliseconds: the rest of the day where only that is known.
ALTER TABLE events ADD COLUMN IF NOT EXISTS imprecise_ms UInt32 CODEC(ZSTD(1)) AFTER time;
