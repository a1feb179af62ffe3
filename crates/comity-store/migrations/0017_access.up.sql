-- Who looked at what: which lines of the journal are about it, and the ids that they name.
CREATE TABLE access (
  number INTEGER PRIMARY KEY REFERENCES journal (number),
  actor INTEGER NOT NULL REFERENCES journal_actor (number),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_by_actor ON access (actor, number);

CREATE TABLE access_id (
  id TEXT NOT NULL,
  access INTEGER NOT NULL REFERENCES access (number),
  PRIMARY KEY (id, access)
) STRICT, WITHOUT ROWID;

-- What people typed when they looked: words of a search, and what it was for. The line commits to each by its salted digest,
-- so a row can go and the journal stays whole.
CREATE TABLE access_text (
  access INTEGER NOT NULL REFERENCES access (number),
  part TEXT NOT NULL CHECK (part IN ('words', 'purpose')),
  salt BLOB NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (access, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_text_by_age ON access_text (at);
