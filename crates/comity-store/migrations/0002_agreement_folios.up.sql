-- Agreements are numbered like everything else that this party numbers: one folio for all versions. Those that were stored
-- before get theirs when they are next stored.
CREATE TABLE agreement_folio (
  id BLOB NOT NULL PRIMARY KEY,
  folio TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
