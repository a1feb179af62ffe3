-- What a node does after a loss: partners for whom nothing is sealed, epochs that ended, statements that count as not said.
CREATE TABLE doubt (
  partner BLOB PRIMARY KEY,
  why TEXT NOT NULL,
  since TEXT NOT NULL,
  clean INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The first `size` statements of a channel that ended stand; what follows them counts as not said.
CREATE TABLE epoch_end (
  channel INTEGER PRIMARY KEY REFERENCES channel (number),
  size INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- Statements of this party that were never heard, in an epoch that ended: they are neither signed nor sent any more.
ALTER TABLE statement_out ADD COLUMN void INTEGER NOT NULL DEFAULT 0;
