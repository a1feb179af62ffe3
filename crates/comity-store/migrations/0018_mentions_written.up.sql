-- Mentions are written by whoever writes the row: a trigger on `holding` makes SQLite keep a copy of every page that an insert
-- touches, in case the trigger fails, which doubled what an insert costs.
DROP TRIGGER mention_in;

-- An id that somebody brings in is looked for among those that were purged.
CREATE INDEX tombstone_id ON tombstone (id);
