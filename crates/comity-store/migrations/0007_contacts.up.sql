-- Contacts with partners outside the system, and the reports on them and on what was exchanged. None of it ever crosses.
CREATE TABLE contact (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  folio TEXT NOT NULL UNIQUE,
  partner BLOB NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  our_office TEXT NOT NULL,
  their_office TEXT NOT NULL,
  subject TEXT NOT NULL,
  said TEXT NOT NULL,
  authorised_by TEXT NOT NULL,
  authorisation TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE INDEX contact_partner ON contact (partner, number);

CREATE TABLE contact_link (
  number INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contact (number),
  matter TEXT NOT NULL,
  UNIQUE (contact, matter)
) STRICT;
CREATE INDEX contact_link_matter ON contact_link (matter);

-- `subject` is the UUID of a contact (16 bytes) or the digest of a statement (32 bytes).
CREATE TABLE contact_report (
  number INTEGER PRIMARY KEY,
  subject BLOB NOT NULL,
  template TEXT NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  digest BLOB NOT NULL,
  UNIQUE (subject, template)
) STRICT;
