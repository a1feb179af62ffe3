-- Collections for TAXII clients, who these are, and what each kind of client may see of a collection. Times of views are
-- microseconds since 1970.

-- Programs and people of this party and of its units. No row belongs to another party, and none names one.
CREATE TABLE account (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('tool', 'unit')),
  unit INTEGER REFERENCES unit (number),
  password TEXT,
  certificate BLOB UNIQUE,
  per_minute INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  disabled_at TEXT,
  CHECK ((role = 'unit') = (unit IS NOT NULL))
) STRICT;

-- Bearer tokens: only the digest of each is here. No scope means every collection that the account may use.
CREATE TABLE account_token (
  number INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (number),
  digest BLOB NOT NULL UNIQUE,
  note TEXT,
  scope_json TEXT,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;
CREATE INDEX account_token_account ON account_token (account);

CREATE TABLE collection (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  alias TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  description TEXT,
  query TEXT,
  writable INTEGER NOT NULL,
  configured INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE collection_grant (
  collection INTEGER NOT NULL REFERENCES collection (number),
  account INTEGER NOT NULL REFERENCES account (number),
  can_read INTEGER NOT NULL,
  can_write INTEGER NOT NULL,
  PRIMARY KEY (collection, account)
) STRICT, WITHOUT ROWID;

-- What clients put into a collection, and the versions, by their times, that they took out of it again.
CREATE TABLE collection_object (
  collection INTEGER NOT NULL REFERENCES collection (number),
  id TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE collection_removed (
  collection INTEGER NOT NULL REFERENCES collection (number),
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (collection, id, version)
) STRICT, WITHOUT ROWID;

-- A collection as one audience sees it. `entered` is how far it followed what became visible, `last` the time of its newest
-- member, `revision` goes up whenever anything but a new member changes, and `basis` is a digest of everything that decides
-- who is a member beside the holdings themselves.
CREATE TABLE view (
  number INTEGER PRIMARY KEY,
  collection INTEGER NOT NULL REFERENCES collection (number),
  audience TEXT NOT NULL CHECK (audience IN ('house', 'intelligence-only', 'judicial')),
  basis BLOB NOT NULL,
  entered INTEGER NOT NULL,
  last INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE (collection, audience)
) STRICT;

CREATE TABLE member (
  view INTEGER NOT NULL REFERENCES view (number),
  added INTEGER NOT NULL,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  stix_type TEXT NOT NULL,
  version TEXT NOT NULL,
  version_at TEXT NOT NULL,
  oldest INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (view, added)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_newest ON member (view, added, position, until) WHERE newest = 1;
CREATE INDEX member_type ON member (view, stix_type, added, position, until) WHERE newest = 1;
CREATE INDEX member_object ON member (view, id);
CREATE INDEX member_position ON member (position);

-- Objects to be looked at again for reasons that give them no new place among what entered.
CREATE TABLE touched (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL
) STRICT;

-- What readers do not see any more leaves every view in the same transaction.
CREATE TRIGGER member_frozen AFTER INSERT ON frozen
  WHEN EXISTS (SELECT 1 FROM member WHERE position = new.position)
BEGIN
  UPDATE view SET revision = revision + 1 WHERE number IN (SELECT view FROM member WHERE position = new.position);
  DELETE FROM member WHERE position = new.position;
END;
CREATE TRIGGER member_gone AFTER DELETE ON holding
  WHEN EXISTS (SELECT 1 FROM member WHERE position = old.position)
BEGIN
  UPDATE view SET revision = revision + 1 WHERE number IN (SELECT view FROM member WHERE position = old.position);
  INSERT INTO touched (id) VALUES (old.id);
  DELETE FROM member WHERE position = old.position;
END;
CREATE TRIGGER versions_touched AFTER UPDATE OF versions ON newest
BEGIN
  INSERT INTO touched (id) SELECT id FROM holding WHERE position = new.position;
END;
CREATE TRIGGER given_touched AFTER INSERT ON given
BEGIN
  INSERT INTO touched (id) VALUES (new.id);
END;

-- What became of objects that were posted, for a day; `at` in milliseconds since 1970.
CREATE TABLE posting (
  id BLOB PRIMARY KEY,
  collection BLOB NOT NULL,
  account TEXT NOT NULL,
  at INTEGER NOT NULL,
  status_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_at ON posting (at);

-- The key by which this node knows the page tokens that it gave out.
CREATE TABLE page_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL
) STRICT;

-- Goes up whenever accounts, tokens, collections or grants change.
INSERT INTO counter VALUES ('access', 0);
