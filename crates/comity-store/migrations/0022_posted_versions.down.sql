CREATE TABLE collection_object (
  collection INTEGER NOT NULL REFERENCES collection (number),
  id TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
INSERT INTO collection_object SELECT DISTINCT collection, id FROM collection_version;
CREATE INDEX collection_object_id ON collection_object (id);
DROP INDEX collection_version_id;
DROP TABLE collection_version;
