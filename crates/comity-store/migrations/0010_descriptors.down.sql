-- The version before knows the newest descriptor of each party, which stays where it was.
ALTER TABLE statement_out DROP COLUMN pouch_key;
DROP TABLE descriptor_place;
DROP TABLE descriptor;
