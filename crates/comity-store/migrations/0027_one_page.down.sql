DROP INDEX member_object;
CREATE INDEX member_object ON member (view, id);

ALTER TABLE collection_version RENAME TO collection_version_new;
CREATE TABLE collection_version (
  collection INTEGER NOT NULL REFERENCES collection (number),
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (collection, id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO collection_version SELECT collection, id, version FROM collection_version_new ORDER BY collection, id, version;
DROP TABLE collection_version_new;
CREATE INDEX collection_version_id ON collection_version (id);
