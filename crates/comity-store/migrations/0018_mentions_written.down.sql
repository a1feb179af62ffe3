DROP INDEX tombstone_id;
CREATE TRIGGER mention_in AFTER INSERT ON holding
  WHEN new.refs_json IS NOT NULL AND new.stix_type IN ('relationship', 'sighting', 'opinion', 'note')
BEGIN
  INSERT INTO mention (target, position) SELECT DISTINCT value, new.position FROM json_each(new.refs_json);
END;
