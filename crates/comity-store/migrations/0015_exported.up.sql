-- The pouches that were written for a courier: of which statement, and sealed to which key.
CREATE TABLE pouch_exported (
  statement INTEGER PRIMARY KEY REFERENCES statement_out (number),
  pouch BLOB NOT NULL,
  size INTEGER NOT NULL,
  key BLOB NOT NULL
) STRICT;
