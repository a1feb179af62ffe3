DROP TRIGGER posting_uncounted;
DROP TRIGGER posting_changed;
DROP TRIGGER posting_counted;
DROP TABLE posting_total;

DROP TRIGGER collection_row_gone;
INSERT INTO collection_version (id, collection, version)
  SELECT h.id, r.collection, h.version FROM collection_row r JOIN holding h ON h.position = r.position
  WHERE true ON CONFLICT DO NOTHING;
DROP TABLE collection_row;

CREATE INDEX member_object ON member (id, view);
