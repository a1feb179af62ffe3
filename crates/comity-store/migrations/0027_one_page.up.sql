-- What stands of one object stands together: ids are random, so that each index led by them costs another page to write for every
-- object. In `member_object` an object is in one place whatever views it is in, and `collection_version` needs no second index.
DROP INDEX member_object;
CREATE INDEX member_object ON member (id, view);

CREATE TABLE collection_version_new (
  id TEXT NOT NULL,
  collection INTEGER NOT NULL REFERENCES collection (number),
  version TEXT NOT NULL,
  PRIMARY KEY (id, collection, version)
) STRICT, WITHOUT ROWID;
INSERT INTO collection_version_new SELECT id, collection, version FROM collection_version ORDER BY id, collection, version;
DROP TABLE collection_version;
ALTER TABLE collection_version_new RENAME TO collection_version;
