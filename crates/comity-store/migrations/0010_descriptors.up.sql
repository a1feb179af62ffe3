-- Every descriptor that was ever in force, of this party and of its partners, so that what was signed stays judged by the
-- one under which it was signed. Before this schema each party had one, and nothing replaced it in the record.
CREATE TABLE descriptor (
  party BLOB NOT NULL,
  serial INTEGER NOT NULL,
  envelope TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  PRIMARY KEY (party, serial)
) STRICT, WITHOUT ROWID;
INSERT INTO descriptor (party, serial, envelope, taken_at) SELECT root, 1, descriptor, created_at FROM node;
INSERT INTO descriptor (party, serial, envelope, taken_at) SELECT root, serial, descriptor, imported_at FROM party;

-- From which sequence of a channel on which descriptor of its sender is in force, and the statement that brought it. For
-- channels of this party, the checkpoint of that size, which the keys before it signed.
CREATE TABLE descriptor_place (
  channel INTEGER NOT NULL REFERENCES channel (number),
  sequence INTEGER NOT NULL,
  serial INTEGER NOT NULL,
  statement BLOB,
  checkpoint TEXT,
  PRIMARY KEY (channel, sequence)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO channel (agreement, epoch, sender, recipient)
  SELECT DISTINCT id, 1, root, partner FROM agreement, node WHERE complete;
INSERT OR IGNORE INTO channel (agreement, epoch, sender, recipient)
  SELECT DISTINCT id, 1, partner, root FROM agreement, node WHERE complete;
INSERT INTO descriptor_place (channel, sequence, serial)
  SELECT number, 0, max(serial) FROM channel JOIN descriptor ON party = sender GROUP BY number;

-- To which sealing key the pouch that is kept of a statement was sealed.
ALTER TABLE statement_out ADD COLUMN pouch_key BLOB;
