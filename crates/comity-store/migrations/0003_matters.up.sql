-- Matters: requests, proposals, advice, consents, recalls and purges. A matter is the sequence of its statements; its stage
-- stands beside it so that lists need not compute it.
CREATE TABLE matter (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  agreement BLOB NOT NULL,
  opener BLOB NOT NULL,
  other BLOB NOT NULL,
  stage TEXT NOT NULL,
  closed INTEGER NOT NULL
) STRICT;
CREATE INDEX matter_kind ON matter (kind, number);

CREATE TABLE matter_entry (
  number INTEGER PRIMARY KEY,
  matter INTEGER NOT NULL REFERENCES matter (number),
  kind TEXT NOT NULL,
  own INTEGER NOT NULL,
  folio TEXT NOT NULL,
  sender BLOB NOT NULL,
  recipient BLOB NOT NULL,
  statement BLOB NOT NULL UNIQUE,
  at TEXT NOT NULL,
  received_at TEXT,
  body_json TEXT NOT NULL,
  text TEXT
) STRICT;
CREATE INDEX matter_entry_matter ON matter_entry (matter, number);
CREATE INDEX matter_entry_folio ON matter_entry (folio);

-- The files that travelled with a statement, ours and theirs.
CREATE TABLE matter_part (
  owner INTEGER NOT NULL REFERENCES matter_entry (number),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  blob BLOB,
  bytes BLOB,
  PRIMARY KEY (owner, ordinal)
) STRICT;

INSERT INTO matter (number, id, kind, agreement, opener, other, stage, closed)
  SELECT number,
    'proposal--' || lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
      || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)),
    'proposal', agreement, sender, recipient,
    coalesce(decision_json ->> '$.decision', 'open'), decided_at IS NOT NULL
  FROM proposal;
INSERT INTO matter_entry (matter, kind, own, folio, sender, recipient, statement, at, received_at, body_json, text)
  SELECT p.number, 'proposal', own, p.folio, sender, p.recipient, p.statement, put_at,
    coalesce(o.receipt_json, i.receipt_json) ->> '$.received_at', body_json, text
  FROM proposal p
  LEFT JOIN statement_out o ON o.digest = p.statement
  LEFT JOIN statement_in i ON i.digest = p.statement
  ORDER BY p.number;
INSERT INTO matter_entry (matter, kind, own, folio, sender, recipient, statement, at, received_at, body_json, text)
  SELECT p.number, 'decision', decision_own, decision_folio, p.recipient, sender, decision_statement, decided_at,
    coalesce(o.receipt_json, i.receipt_json) ->> '$.received_at', decision_json, decision_text
  FROM proposal p
  LEFT JOIN statement_out o ON o.digest = p.decision_statement
  LEFT JOIN statement_in i ON i.digest = p.decision_statement
  WHERE decision_json IS NOT NULL
  ORDER BY p.number;
DROP TABLE proposal;
