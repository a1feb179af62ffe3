-- What is written beside every object is written in the order in which objects come. An index led by their ids, which are random,
-- costs a page of its own for almost every object, and only one is left: that of the holdings.

-- Members of one object are found by the rows that it has.
DROP INDEX member_object;

-- What clients put into a collection, by the row that it is. `collection_version` has what lost its row, by name: the version is in
-- the collection again when it comes back.
CREATE TABLE collection_row (
  position INTEGER NOT NULL,
  collection INTEGER NOT NULL REFERENCES collection (number),
  PRIMARY KEY (position, collection)
) STRICT, WITHOUT ROWID;
INSERT INTO collection_row
  SELECT DISTINCT h.position, c.collection FROM collection_version c JOIN holding h ON h.id = c.id AND h.version = c.version
  WHERE h.source = 0 OR h.source = -c.collection
  ORDER BY 1, 2;
DELETE FROM collection_version WHERE EXISTS (
  SELECT 1 FROM holding h JOIN collection_row r ON r.position = h.position
  WHERE h.id = collection_version.id AND h.version = collection_version.version AND r.collection = collection_version.collection
);
CREATE TRIGGER collection_row_gone AFTER DELETE ON holding
  WHEN EXISTS (SELECT 1 FROM collection_row WHERE position = old.position)
BEGIN
  INSERT INTO collection_version (id, collection, version)
    SELECT old.id, collection, old.version FROM collection_row WHERE position = old.position
    ON CONFLICT DO NOTHING;
  DELETE FROM collection_row WHERE position = old.position;
END;

-- How many statuses of postings each account has, and of how many bytes, so that nobody counts them.
CREATE TABLE posting_total (
  account TEXT PRIMARY KEY,
  statuses INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO posting_total SELECT account, count(*), sum(octet_length(status_json)) FROM posting GROUP BY account;
CREATE TRIGGER posting_counted AFTER INSERT ON posting
BEGIN
  INSERT INTO posting_total VALUES (new.account, 1, octet_length(new.status_json))
    ON CONFLICT (account) DO UPDATE SET statuses = statuses + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER posting_changed AFTER UPDATE OF status_json ON posting
BEGIN
  UPDATE posting_total SET bytes = bytes + octet_length(new.status_json) - octet_length(old.status_json)
    WHERE account = new.account;
END;
CREATE TRIGGER posting_uncounted AFTER DELETE ON posting
BEGIN
  UPDATE posting_total SET statuses = statuses - 1, bytes = bytes - octet_length(old.status_json)
    WHERE account = old.account;
  DELETE FROM posting_total WHERE account = old.account AND statuses = 0;
END;
