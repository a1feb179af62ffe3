-- A collection and a view are told apart from every one before them for ever: a number is given once, also after what had it
-- was removed, and a view has a random identity of its own, by which pages and page tokens know it. A backup that is put back
-- sets the numbers back too, and the identities not.
INSERT INTO counter
  SELECT 'collections', max(coalesce((SELECT max(number) FROM collection), 0), -coalesce((SELECT min(source) FROM holding), 0));
INSERT INTO counter SELECT 'views', coalesce(max(number), 0) FROM view;

ALTER TABLE view ADD COLUMN identity BLOB;
UPDATE view SET identity = randomblob(16);
CREATE UNIQUE INDEX view_identity ON view (identity);
