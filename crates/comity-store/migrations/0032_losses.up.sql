-- What objects lost in releases, so that it is looked for in later ones under the same agreement. A row goes with the last copy of
-- the version of which it is, and takes what was made of it along.
CREATE TABLE loss (
  number INTEGER PRIMARY KEY,
  agreement BLOB NOT NULL,
  original TEXT NOT NULL,
  version TEXT NOT NULL,
  digest BLOB NOT NULL,
  changes_json TEXT NOT NULL,
  lasting INTEGER NOT NULL,
  UNIQUE (agreement, original, digest, changes_json)
) STRICT;
CREATE INDEX loss_original ON loss (original);
CREATE INDEX loss_lasting ON loss (agreement) WHERE lasting;

-- The objects that such an object names.
CREATE TABLE loss_name (
  agreement BLOB NOT NULL,
  target TEXT NOT NULL,
  loss INTEGER NOT NULL REFERENCES loss (number),
  PRIMARY KEY (agreement, target, loss)
) STRICT, WITHOUT ROWID;
CREATE INDEX loss_name_loss ON loss_name (loss);

-- Digests, under the agreement's secret, of parts of the names and identifiers that it lost.
CREATE TABLE loss_trace (
  agreement BLOB NOT NULL,
  digest INTEGER NOT NULL,
  loss INTEGER NOT NULL REFERENCES loss (number),
  PRIMARY KEY (agreement, digest, loss)
) STRICT, WITHOUT ROWID;
CREATE INDEX loss_trace_loss ON loss_trace (loss);

-- In which texts of an object something was masked that a version of another lost. It outlives what was lost: then nobody can
-- look for that any more, and the text stays.
CREATE TABLE masked (
  agreement BLOB NOT NULL,
  object TEXT NOT NULL,
  property TEXT NOT NULL,
  source TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (agreement, object, property, source, version)
) STRICT, WITHOUT ROWID;
