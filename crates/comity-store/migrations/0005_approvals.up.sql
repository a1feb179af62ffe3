-- What a release was composed of, what was sealed under each clause on each day (UTC), and what officers approve beforehand.

-- The rows of `holding` that go in a release, as composed: each must still be the newest of its object when the release
-- is approved and sealed.
CREATE TABLE release_object (
  release INTEGER NOT NULL REFERENCES release (number),
  ordinal INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (release, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO release_object (release, ordinal, position)
  SELECT p.release, p.ordinal, coalesce((
    SELECT n.position FROM holding h JOIN newest n ON n.position = h.position
    WHERE h.id = p.line_json ->> '$.id' AND h.version = p.line_json ->> '$.version'
  ), 0)
  FROM preview p JOIN release r ON r.number = p.release
  WHERE r.state IN ('composed', 'approved') AND p.line_json ->> '$.verdict' != 'withheld';

CREATE TABLE clause_use (
  agreement BLOB NOT NULL,
  clause TEXT NOT NULL,
  day TEXT NOT NULL,
  objects INTEGER NOT NULL,
  PRIMARY KEY (agreement, clause, day)
) STRICT, WITHOUT ROWID;

INSERT INTO clause_use (agreement, clause, day, objects)
  SELECT c.agreement, CAST(b.bytes AS TEXT) ->> '$.clause', substr(s.sealed_at, 1, 10),
    sum(CAST(b.bytes AS TEXT) ->> '$.objects')
  FROM release r JOIN release_bytes b ON b.release = r.number
  JOIN statement_out s ON s.number = r.statement JOIN channel c ON c.number = s.channel
  GROUP BY 1, 2, 3;

CREATE TABLE standing (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  officer BLOB NOT NULL,
  name TEXT NOT NULL,
  certificate TEXT NOT NULL,
  approval TEXT NOT NULL,
  agreement BLOB NOT NULL,
  clause TEXT NOT NULL,
  recipient BLOB NOT NULL,
  ceiling INTEGER NOT NULL,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  revoked_at TEXT
) STRICT;

CREATE TABLE standing_use (
  standing INTEGER NOT NULL REFERENCES standing (number),
  day TEXT NOT NULL,
  objects INTEGER NOT NULL,
  PRIMARY KEY (standing, day)
) STRICT, WITHOUT ROWID;
