ALTER TABLE clause_use RENAME TO clause_use_after;

CREATE TABLE clause_use (
  agreement BLOB NOT NULL,
  clause TEXT NOT NULL,
  day TEXT NOT NULL,
  objects INTEGER NOT NULL,
  PRIMARY KEY (agreement, clause, day)
) STRICT, WITHOUT ROWID;

INSERT INTO clause_use (agreement, clause, day, objects)
  SELECT agreement, clause, day, sum(objects) FROM clause_use_after GROUP BY 1, 2, 3;

DROP TABLE clause_use_after;
