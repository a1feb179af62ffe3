-- What a feed may hold in all, what it holds, and how each of its collections does.
ALTER TABLE feed ADD COLUMN most_objects INTEGER NOT NULL DEFAULT 1000000;
ALTER TABLE feed ADD COLUMN most_bytes INTEGER NOT NULL DEFAULT 4294967296;
ALTER TABLE feed_collection ADD COLUMN next_run TEXT;
ALTER TABLE feed_collection ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed_collection ADD COLUMN fault TEXT;
ALTER TABLE feed_collection ADD COLUMN fault_detail TEXT;

-- By the name of the feed, which may be removed and added again: what it brought stays held.
CREATE TABLE feed_held (
  name TEXT PRIMARY KEY,
  objects INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO feed_held
  SELECT substr(source, 6), count(*), sum(size) FROM (
    SELECT json_extract(p.origin_json, '$.source') AS source, length(h.bytes) AS size
    FROM holding h JOIN provenance p ON p.number = h.provenance WHERE p.partner = 0
  ) WHERE source LIKE 'feed/%' GROUP BY source;
