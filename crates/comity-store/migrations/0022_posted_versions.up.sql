-- What clients put into a collection is in it version by version: who writes one version of an object learns of no other.
CREATE TABLE collection_version (
  collection INTEGER NOT NULL REFERENCES collection (number),
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (collection, id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO collection_version SELECT DISTINCT o.collection, o.id, h.version FROM collection_object o JOIN holding h ON h.id = o.id;
DROP INDEX collection_object_id;
DROP TABLE collection_object;
CREATE INDEX collection_version_id ON collection_version (id);
