-- Since when a feed is being pulled, and what each of its collections brought.
ALTER TABLE feed ADD COLUMN claimed_at TEXT;

-- By the name of the feed, like feed_held.
CREATE TABLE feed_collection_held (
  name TEXT NOT NULL,
  collection TEXT NOT NULL,
  objects INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (name, collection)
) STRICT, WITHOUT ROWID;
