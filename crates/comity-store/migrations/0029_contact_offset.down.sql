ALTER TABLE contact DROP COLUMN at_offset;
