-- Custody: how long what partners released may be kept, what is frozen, what was purged, and which unit has what.

-- Until when the holdings of a provenance may be kept, in milliseconds since 1970, and the positions between which they
-- lie. This party's own have no term.
CREATE TABLE term (
  provenance INTEGER PRIMARY KEY REFERENCES provenance (number),
  source INTEGER NOT NULL,
  until INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
CREATE INDEX term_until ON term (until);
CREATE INDEX term_source ON term (source);
INSERT INTO term (provenance, source, until, first, last)
  SELECT p.number, h.source,
    CAST(min(unixepoch(h.received_at, 'subsec')) * 1000 AS INTEGER) + (p.handling_json ->> '$.retention_days') * 86400000,
    min(h.position), max(h.position)
  FROM holding h JOIN provenance p ON p.number = h.provenance
  WHERE p.handling_json IS NOT NULL GROUP BY p.number;

ALTER TABLE newest ADD COLUMN until INTEGER;
UPDATE newest SET until = (
  SELECT t.until FROM holding h JOIN term t ON t.provenance = h.provenance WHERE h.position = newest.position);

-- Why holdings are frozen: a recall that is not answered yet, by its statement and its sender's channel; or a legal hold.
-- `target` is the release that brought them; none means whatever release it was. No objects means all of the release.
CREATE TABLE freeze (
  number INTEGER PRIMARY KEY,
  recall TEXT,
  statement BLOB UNIQUE,
  channel INTEGER REFERENCES channel (number),
  target BLOB,
  objects_json TEXT
) STRICT;
CREATE INDEX freeze_target ON freeze (target);
CREATE INDEX freeze_recall ON freeze (recall);

CREATE TABLE frozen (
  position INTEGER NOT NULL,
  freeze INTEGER NOT NULL REFERENCES freeze (number),
  PRIMARY KEY (position, freeze)
) STRICT, WITHOUT ROWID;
CREATE INDEX frozen_freeze ON frozen (freeze);

CREATE TABLE legal_hold (
  number INTEGER PRIMARY KEY,
  freeze INTEGER REFERENCES freeze (number),
  object TEXT,
  release BLOB,
  grounds TEXT NOT NULL,
  legal_basis_json TEXT NOT NULL,
  reasons_json TEXT NOT NULL,
  laid_at TEXT NOT NULL,
  lifted_at TEXT
) STRICT;
CREATE INDEX legal_hold_freeze ON legal_hold (freeze);

-- What was purged, as the file beside the database has it too.
CREATE TABLE tombstone (
  statement BLOB NOT NULL,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (statement, id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('tombstones', 0), ('scrub', 0);

-- What the giver of a release is still to be told: objects purged since the last purge statement, those that it was told
-- are under a legal hold, and the matter in which it was.
CREATE TABLE purge_due (
  statement BLOB PRIMARY KEY,
  untold INTEGER NOT NULL,
  held INTEGER NOT NULL,
  matter TEXT
) STRICT, WITHOUT ROWID;

-- Files that nothing needs any more and that are still to be deleted.
CREATE TABLE doomed (
  digest BLOB PRIMARY KEY,
  pouch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lines of previews that name a partner's object, by the statement that brought it.
CREATE TABLE preview_foreign (
  statement BLOB NOT NULL,
  id TEXT NOT NULL,
  release INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  went INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  PRIMARY KEY (statement, id, release, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX preview_foreign_gone ON preview_foreign (release) WHERE gone = 1;

-- The party's national units, and which of them has what.
CREATE TABLE unit (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE given (
  number INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (number),
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  statement BLOB,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX given_statement ON given (statement, id) WHERE statement IS NOT NULL;

-- Units that were told of a recall.
CREATE TABLE told (
  recall TEXT NOT NULL,
  unit INTEGER NOT NULL REFERENCES unit (number),
  at TEXT NOT NULL,
  PRIMARY KEY (recall, unit)
) STRICT, WITHOUT ROWID;

CREATE INDEX pouch_statement ON pouch (statement) WHERE statement IS NOT NULL;
