-- The lines of the journal stay; what people typed beside them goes.
DROP TABLE access_text;
DROP TABLE access_id;
DROP TABLE access;
