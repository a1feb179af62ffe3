ALTER TABLE agreement DROP COLUMN when_signed;
ALTER TABLE agreement DROP COLUMN ours;
