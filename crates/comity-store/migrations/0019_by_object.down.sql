DROP INDEX collection_removed_id;
DROP INDEX collection_object_id;
DROP INDEX given_id;
