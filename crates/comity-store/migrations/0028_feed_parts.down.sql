DROP TABLE feed_collection_held;
ALTER TABLE feed DROP COLUMN claimed_at;
