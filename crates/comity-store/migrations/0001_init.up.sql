-- Schema 1. Times are RFC 3339 text in UTC, digests, roots and UUIDs are raw bytes, `*_json` is JSON text.

-- Numbers that only go up: `generation` at every commit, `entered` at every object that becomes visible.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('generation', 0), ('entered', 0);

CREATE TABLE folio_counter (
  year INTEGER PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;

-- This node, its partners, its officers, its agreements.

CREATE TABLE node (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  root BLOB NOT NULL,
  exercise INTEGER NOT NULL,
  descriptor TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE party (
  root BLOB PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE,
  descriptor TEXT NOT NULL,
  serial INTEGER NOT NULL,
  imported_at TEXT NOT NULL,
  confirmed_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE officer (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  office TEXT NOT NULL,
  certificate TEXT NOT NULL,
  registered_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement (
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  digest BLOB NOT NULL,
  partner BLOB NOT NULL,
  text TEXT NOT NULL,
  envelope TEXT NOT NULL,
  complete INTEGER NOT NULL,
  stored_at TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

-- Holdings. A row of `holding` is written once; what changes about it stands in `staged` and `newest`.

-- Parties by a small number. 0 means this party wherever such a number stands.
CREATE TABLE root (
  number INTEGER PRIMARY KEY,
  root BLOB NOT NULL UNIQUE
) STRICT;

-- The statements in which holdings came, by a small number. 0 means none: the holding is this party's own.
CREATE TABLE source (
  number INTEGER PRIMARY KEY,
  statement BLOB NOT NULL UNIQUE
) STRICT;

-- Origin, chain and handling, which many objects share, each once.
CREATE TABLE provenance (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  partner INTEGER NOT NULL,
  origin_json TEXT NOT NULL,
  chain_json TEXT NOT NULL,
  handling_json TEXT
) STRICT;

CREATE TABLE holding (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  source INTEGER NOT NULL,
  stix_type TEXT NOT NULL,
  modified TEXT,
  digest BLOB NOT NULL,
  name TEXT,
  labels_json TEXT,
  tlp TEXT,
  refs_json TEXT,
  revoked INTEGER NOT NULL,
  grade TEXT,
  provenance INTEGER NOT NULL REFERENCES provenance (number),
  received_at TEXT NOT NULL,
  text TEXT NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (id, version, source)
) STRICT;

-- Holdings that are kept and not yet visible.
CREATE TABLE staged (
  position INTEGER PRIMARY KEY,
  source INTEGER NOT NULL
) STRICT;
CREATE INDEX staged_source ON staged (source);

-- One row for each visible object: the version that readers get, in the order in which those entered.
CREATE TABLE newest (
  entered INTEGER PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  partner INTEGER NOT NULL,
  versions INTEGER NOT NULL,
  stix_type TEXT NOT NULL
) STRICT;
CREATE INDEX newest_type ON newest (stix_type);
CREATE INDEX newest_partner ON newest (partner);

CREATE VIRTUAL TABLE holding_text USING fts5(
  text,
  content = 'holding',
  content_rowid = 'position',
  columnsize = 0,
  tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO holding_text (holding_text, rank) VALUES ('secure-delete', 1);

-- Releases of this party.

CREATE TABLE release (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  folio TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL,
  composer TEXT NOT NULL,
  state TEXT NOT NULL,
  statement INTEGER REFERENCES statement_out (number)
) STRICT;

CREATE TABLE release_bytes (
  release INTEGER PRIMARY KEY REFERENCES release (number),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE release_part (
  owner INTEGER NOT NULL REFERENCES release (number),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  blob BLOB,
  bytes BLOB,
  PRIMARY KEY (owner, ordinal)
) STRICT;

CREATE TABLE preview (
  release INTEGER NOT NULL REFERENCES release (number),
  ordinal INTEGER NOT NULL,
  line_json TEXT NOT NULL,
  PRIMARY KEY (release, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (
  number INTEGER PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release (number),
  officer BLOB NOT NULL,
  name TEXT NOT NULL,
  certificate TEXT NOT NULL,
  approval TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (release, officer)
) STRICT;

-- Every derivative ever made: an older one opens an older commitment.
CREATE TABLE derivative (
  number INTEGER PRIMARY KEY,
  agreement BLOB NOT NULL,
  original TEXT NOT NULL,
  original_version TEXT NOT NULL,
  derived TEXT NOT NULL,
  created TEXT NOT NULL,
  modified TEXT NOT NULL,
  content BLOB NOT NULL,
  opening BLOB NOT NULL
) STRICT;
CREATE INDEX derivative_original ON derivative (agreement, original);

-- The record, in both directions.

CREATE TABLE channel (
  number INTEGER PRIMARY KEY,
  agreement BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  sender BLOB NOT NULL,
  recipient BLOB NOT NULL,
  UNIQUE (agreement, epoch, sender, recipient)
) STRICT;

CREATE TABLE tree_node (
  channel INTEGER NOT NULL REFERENCES channel (number),
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (channel, level, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_out (
  channel INTEGER PRIMARY KEY REFERENCES channel (number),
  next INTEGER NOT NULL,
  last BLOB,
  last_issued TEXT,
  signed INTEGER NOT NULL,
  frontier BLOB NOT NULL,
  checkpoint_size INTEGER,
  checkpoint TEXT,
  cosigned_size INTEGER,
  cosigned TEXT
) STRICT;

CREATE TABLE outbox (
  partner BLOB PRIMARY KEY,
  cursor INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_out (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  id BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  channel INTEGER NOT NULL REFERENCES channel (number),
  sequence INTEGER,
  partner BLOB NOT NULL,
  position INTEGER NOT NULL,
  release INTEGER REFERENCES release (number),
  signed INTEGER NOT NULL DEFAULT 0,
  pouch BLOB,
  pouch_size INTEGER,
  sealed_at TEXT NOT NULL,
  receipted INTEGER NOT NULL,
  receipt_json TEXT,
  outcome TEXT,
  admitted INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  settled_at TEXT,
  UNIQUE (channel, sequence),
  UNIQUE (partner, position)
) STRICT;
CREATE INDEX statement_out_unsigned ON statement_out (number) WHERE signed = 0;
CREATE INDEX statement_out_unsigned_for ON statement_out (partner, position) WHERE signed = 0;
CREATE INDEX statement_out_unsettled ON statement_out (partner) WHERE receipted = 1 AND settled_at IS NULL;
CREATE INDEX statement_out_answered ON statement_out (channel, sequence)
  WHERE receipt_json IS NOT NULL AND settled_at IS NULL;

CREATE TABLE payload_out (
  statement INTEGER PRIMARY KEY REFERENCES statement_out (number),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE envelope_out (
  statement INTEGER PRIMARY KEY REFERENCES statement_out (number),
  bytes BLOB NOT NULL
) STRICT;

-- Parts of statements that are no releases; a release's parts are its own.
CREATE TABLE statement_part (
  owner INTEGER NOT NULL REFERENCES statement_out (number),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  blob BLOB,
  bytes BLOB,
  PRIMARY KEY (owner, ordinal)
) STRICT;

CREATE TABLE channel_in (
  channel INTEGER PRIMARY KEY REFERENCES channel (number),
  next INTEGER NOT NULL,
  last BLOB,
  last_issued TEXT,
  frontier BLOB NOT NULL,
  seen_size INTEGER,
  seen TEXT,
  cosigned_size INTEGER,
  cosigned TEXT
) STRICT;

CREATE TABLE statement_in (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  id BLOB NOT NULL,
  nonce BLOB NOT NULL,
  kind TEXT NOT NULL,
  channel INTEGER NOT NULL REFERENCES channel (number),
  sequence INTEGER,
  issued_at TEXT NOT NULL,
  at TEXT NOT NULL,
  folio TEXT,
  receipt_json TEXT,
  outcome TEXT,
  admitted INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  record_json TEXT,
  payload BLOB NOT NULL,
  envelope BLOB NOT NULL,
  UNIQUE (channel, sequence)
) STRICT;
CREATE INDEX statement_in_id ON statement_in (id);
CREATE INDEX statement_in_nonce ON statement_in (nonce);
CREATE INDEX statement_in_folio ON statement_in (folio) WHERE folio IS NOT NULL;

-- Consumed statements that no receipt of this party answers yet.
CREATE TABLE receipt_due (
  channel INTEGER NOT NULL REFERENCES channel (number),
  sequence INTEGER NOT NULL,
  PRIMARY KEY (channel, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE pouch (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  via BLOB,
  received_at TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  statement BLOB
) STRICT;
CREATE INDEX pouch_received ON pouch (number) WHERE state = 'received';

CREATE TABLE held (
  channel INTEGER NOT NULL REFERENCES channel (number),
  sequence INTEGER NOT NULL,
  digest BLOB NOT NULL,
  pouch INTEGER NOT NULL REFERENCES pouch (number),
  PRIMARY KEY (channel, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE proposal (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  folio TEXT NOT NULL,
  own INTEGER NOT NULL,
  agreement BLOB NOT NULL,
  sender BLOB NOT NULL,
  recipient BLOB NOT NULL,
  body_json TEXT NOT NULL,
  text TEXT NOT NULL,
  statement BLOB NOT NULL,
  put_at TEXT NOT NULL,
  decision_own INTEGER,
  decision_folio TEXT,
  decision_json TEXT,
  decision_text TEXT,
  decision_statement BLOB,
  decided_at TEXT
) STRICT;
CREATE INDEX proposal_folio ON proposal (folio);
CREATE INDEX proposal_decision_folio ON proposal (decision_folio) WHERE decision_folio IS NOT NULL;

-- The journal. `row` holds the actor as a number of `journal_actor`, whose name can be erased alone.

CREATE TABLE journal_actor (
  number INTEGER PRIMARY KEY,
  name TEXT UNIQUE
) STRICT;

CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  actor INTEGER NOT NULL REFERENCES journal_actor (number),
  row BLOB NOT NULL,
  salt BLOB NOT NULL,
  leaf BLOB NOT NULL
) STRICT;
