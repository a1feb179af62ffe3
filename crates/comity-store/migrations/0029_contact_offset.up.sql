-- The offset from UTC, in seconds, with which the time of a contact was entered. Those from before were told by UTC.
ALTER TABLE contact ADD COLUMN at_offset INTEGER NOT NULL DEFAULT 0;
