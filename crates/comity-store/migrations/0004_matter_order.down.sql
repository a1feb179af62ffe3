-- The version before orders a matter as it was filed, and counts what was refused.
ALTER TABLE matter_entry DROP COLUMN refused;
ALTER TABLE matter_entry DROP COLUMN place;
