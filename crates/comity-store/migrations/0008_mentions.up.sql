-- Which relationships, sightings, opinions and notes speak of an object. Triggers keep it, so that it says the same as
-- `holding` whoever writes and deletes there.
CREATE TABLE mention (
  target TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (target, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_position ON mention (position);

CREATE TRIGGER mention_in AFTER INSERT ON holding
  WHEN new.refs_json IS NOT NULL AND new.stix_type IN ('relationship', 'sighting', 'opinion', 'note')
BEGIN
  INSERT INTO mention (target, position) SELECT DISTINCT value, new.position FROM json_each(new.refs_json);
END;
CREATE TRIGGER mention_out AFTER DELETE ON holding
  WHEN old.stix_type IN ('relationship', 'sighting', 'opinion', 'note')
BEGIN
  DELETE FROM mention WHERE position = old.position;
END;

INSERT INTO mention (target, position)
  SELECT DISTINCT value, position FROM holding, json_each(refs_json)
  WHERE refs_json IS NOT NULL AND stix_type IN ('relationship', 'sighting', 'opinion', 'note');

-- An id that comes back is looked for among the ids under which this party's objects left.
CREATE INDEX derivative_derived ON derivative (derived);
CREATE INDEX derivative_any ON derivative (original);
