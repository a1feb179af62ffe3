-- The version before knows proposals alone. Other matters stay in the record, as statements.
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
INSERT INTO proposal
  SELECT m.number, unhex(replace(substr(m.id, 11), '-', '')), p.folio, p.own, m.agreement, m.opener, m.other, p.body_json,
    coalesce(p.text, ''), p.statement, p.at, d.own, d.folio, d.body_json, d.text, d.statement, d.at
  FROM matter m
  JOIN matter_entry p ON p.matter = m.number AND p.kind = 'proposal'
  LEFT JOIN matter_entry d ON d.matter = m.number AND d.kind = 'decision'
  WHERE m.kind = 'proposal';
DROP TABLE matter_part;
DROP TABLE matter_entry;
DROP TABLE matter;
