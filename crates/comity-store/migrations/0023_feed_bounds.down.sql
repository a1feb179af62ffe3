DROP TABLE feed_held;
ALTER TABLE feed_collection DROP COLUMN fault_detail;
ALTER TABLE feed_collection DROP COLUMN fault;
ALTER TABLE feed_collection DROP COLUMN failures;
ALTER TABLE feed_collection DROP COLUMN next_run;
ALTER TABLE feed DROP COLUMN most_bytes;
ALTER TABLE feed DROP COLUMN most_objects;
