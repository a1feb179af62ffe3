-- What both parties said about an agreement itself: texts sent, versions activated, suspensions, terminations.
CREATE TABLE agreement_event (
  number INTEGER PRIMARY KEY,
  agreement BLOB NOT NULL,
  kind TEXT NOT NULL,
  own INTEGER NOT NULL,
  folio TEXT NOT NULL,
  sender BLOB NOT NULL,
  statement BLOB NOT NULL UNIQUE,
  at TEXT NOT NULL,
  received_at TEXT,
  refused INTEGER NOT NULL,
  body_json TEXT NOT NULL,
  text TEXT
) STRICT;
CREATE INDEX agreement_event_agreement ON agreement_event (agreement, number);
CREATE INDEX agreement_event_folio ON agreement_event (folio);

-- The highest version of its agreement that a partner's channel has cited.
CREATE TABLE channel_cited (
  channel INTEGER PRIMARY KEY REFERENCES channel (number),
  version INTEGER NOT NULL
) STRICT;
