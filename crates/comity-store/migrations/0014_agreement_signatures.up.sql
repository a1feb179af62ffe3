-- A party signs one text of a version and no other, and a text may say that it binds as soon as both signed it.
ALTER TABLE agreement ADD COLUMN ours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agreement ADD COLUMN when_signed INTEGER NOT NULL DEFAULT 0;
UPDATE agreement SET ours = complete;
