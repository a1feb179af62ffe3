-- The version before knows files alone: what was said about agreements stays in the record, as statements.
DROP TABLE channel_cited;
DROP TABLE agreement_event;
