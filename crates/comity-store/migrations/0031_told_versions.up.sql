-- Who writes an object without a version and does not see it in the collection is told the same time of it each time.
CREATE TABLE told_version (
  collection INTEGER NOT NULL REFERENCES collection (number),
  account INTEGER NOT NULL REFERENCES account (number),
  id TEXT NOT NULL,
  digest BLOB NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (collection, account, id)
) STRICT, WITHOUT ROWID;
