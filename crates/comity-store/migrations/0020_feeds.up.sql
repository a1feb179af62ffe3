-- Feeds: other people's TAXII servers, how far each collection was taken in, and who pulls a feed now.
CREATE TABLE feed (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  grade TEXT NOT NULL,
  every_s INTEGER NOT NULL,
  -- What it is logged in with, sealed under the node's keys.
  sealed BLOB,
  ca TEXT,
  added_at TEXT NOT NULL,
  paused_at TEXT,
  next_run TEXT NOT NULL,
  root TEXT,
  taxii TEXT CHECK (taxii IN ('2.0', '2.1')),
  claim BLOB UNIQUE,
  claim_until TEXT,
  last_run TEXT,
  last_success TEXT,
  fault TEXT,
  fault_detail TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  pulls INTEGER NOT NULL DEFAULT 0,
  objects INTEGER NOT NULL DEFAULT 0,
  fresh INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  rejections_json TEXT NOT NULL DEFAULT '[]',
  CHECK ((root IS NULL) = (taxii IS NULL)),
  CHECK ((claim IS NULL) = (claim_until IS NULL))
) STRICT;

CREATE TABLE feed_collection (
  feed INTEGER NOT NULL REFERENCES feed (number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  id TEXT NOT NULL,
  added_after TEXT,
  next TEXT,
  reached TEXT,
  PRIMARY KEY (feed, id)
) STRICT, WITHOUT ROWID;
