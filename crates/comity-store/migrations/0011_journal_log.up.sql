-- The journal as a log: how many rows it has, its right edge, and the checkpoint signed last. What stands in the journal
-- already enters the log with the next commit.
CREATE TABLE journal_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  frontier BLOB NOT NULL,
  checkpoint_size INTEGER,
  checkpoint TEXT
) STRICT;
INSERT INTO journal_head (one, size, frontier) VALUES (1, 0, x'0000000000000000');

-- The hashes of full tiles, by the level of tiles in which they stand, from 1. Level 0 is the leaves of `journal`.
CREATE TABLE journal_tile (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Who reads the journal as it grows, and the row that comes next.
CREATE TABLE journal_reader (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
