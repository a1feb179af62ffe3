-- What was sealed under a clause is counted by the version of the agreement too, since a later version may give the clause
-- another name.
ALTER TABLE clause_use RENAME TO clause_use_before;

CREATE TABLE clause_use (
  agreement BLOB NOT NULL,
  clause TEXT NOT NULL,
  day TEXT NOT NULL,
  version INTEGER NOT NULL,
  objects INTEGER NOT NULL,
  PRIMARY KEY (agreement, clause, day, version)
) STRICT, WITHOUT ROWID;

INSERT INTO clause_use (agreement, clause, day, version, objects)
  SELECT c.agreement, CAST(b.bytes AS TEXT) ->> '$.clause', substr(s.sealed_at, 1, 10),
    CAST(b.bytes AS TEXT) ->> '$.agreement.version', sum(CAST(b.bytes AS TEXT) ->> '$.objects')
  FROM release r JOIN release_bytes b ON b.release = r.number
  JOIN statement_out s ON s.number = r.statement JOIN channel c ON c.number = s.channel
  GROUP BY 1, 2, 3, 4;

-- What no release here accounts for stays counted, under the first version.
INSERT INTO clause_use (agreement, clause, day, version, objects)
  SELECT agreement, clause, day, 1, objects FROM clause_use_before b
  WHERE NOT EXISTS (
    SELECT 1 FROM clause_use u WHERE (u.agreement, u.clause, u.day) = (b.agreement, b.clause, b.day)
  );

DROP TABLE clause_use_before;
