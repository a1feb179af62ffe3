-- What stands of one object is found by its id, however much stands there of others.
CREATE INDEX given_id ON given (id);
CREATE INDEX collection_object_id ON collection_object (id);
CREATE INDEX collection_removed_id ON collection_removed (id);
