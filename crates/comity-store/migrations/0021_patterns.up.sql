-- Standing patterns, what they have looked at, and what they sighted.

-- A pattern stands for one kept version of an indicator: the row at `position`. Observed-data that entered up to `goal` was
-- there before the pattern was; of it, what entered up to `looked` has been looked at. `undecided` counts observed-data of
-- which the budget of matching did not tell whether it matches.
CREATE TABLE pattern (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  indicator TEXT NOT NULL UNIQUE,
  position INTEGER NOT NULL,
  grade TEXT,
  note TEXT,
  added_at TEXT NOT NULL,
  looked INTEGER NOT NULL,
  goal INTEGER NOT NULL,
  undecided INTEGER NOT NULL
) STRICT;
CREATE INDEX pattern_position ON pattern (position);

-- Observed-data to be looked at, and how often that was asked for since.
CREATE TABLE pattern_due (
  id TEXT PRIMARY KEY,
  times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The objects that observed-data names as observed, held or not.
CREATE TABLE pattern_part (
  target TEXT NOT NULL,
  observed TEXT NOT NULL,
  PRIMARY KEY (target, observed)
) STRICT, WITHOUT ROWID;
CREATE INDEX pattern_part_observed ON pattern_part (observed);

-- Observed-data of which a part of a pattern is true, and the sighting that it went into. It goes into one of a pattern.
CREATE TABLE pattern_hit (
  number INTEGER PRIMARY KEY,
  pattern INTEGER NOT NULL REFERENCES pattern (number),
  observed TEXT NOT NULL,
  sighting INTEGER,
  UNIQUE (pattern, observed)
) STRICT;
CREATE INDEX pattern_hit_observed ON pattern_hit (observed);
CREATE INDEX pattern_hit_sighting ON pattern_hit (sighting) WHERE sighting IS NOT NULL;
CREATE INDEX pattern_hit_open ON pattern_hit (pattern, number) WHERE sighting IS NULL;

-- What was sighted. A sighting of nothing but this party's own is a holding, and has no bytes here. One that rests on what
-- partners released is no holding: it is kept here with the terms that follow from theirs, and goes when any of it goes.
CREATE TABLE pattern_sighting (
  number INTEGER PRIMARY KEY,
  pattern INTEGER NOT NULL REFERENCES pattern (number),
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  handling_json TEXT,
  bytes BLOB,
  UNIQUE (pattern, id),
  CHECK ((handling_json IS NULL) = (bytes IS NULL))
) STRICT;

-- The kept rows that a sighting rests on, if it is no holding.
CREATE TABLE pattern_input (
  position INTEGER NOT NULL,
  sighting INTEGER NOT NULL,
  PRIMARY KEY (position, sighting)
) STRICT, WITHOUT ROWID;
CREATE INDEX pattern_input_sighting ON pattern_input (sighting);

-- How far what entered was followed, and a number that goes up whenever a pattern comes or goes.
INSERT INTO counter VALUES ('patterns', 0), ('pattern-rows', 0);

-- What a sighting rests on is purged: so is the sighting. What else it rested on is looked at again.
CREATE TRIGGER pattern_input_gone AFTER DELETE ON holding
  WHEN EXISTS (SELECT 1 FROM pattern_input WHERE position = old.position)
BEGIN
  INSERT INTO pattern_due (id, times)
    SELECT DISTINCT h.observed, 1 FROM pattern_input i JOIN pattern_hit h ON h.sighting = i.sighting
    WHERE i.position = old.position
    ON CONFLICT (id) DO UPDATE SET times = times + 1;
  DELETE FROM pattern_hit WHERE sighting IN (SELECT sighting FROM pattern_input WHERE position = old.position);
  DELETE FROM pattern_sighting WHERE number IN (SELECT sighting FROM pattern_input WHERE position = old.position);
  DELETE FROM pattern_input WHERE sighting IN (SELECT sighting FROM pattern_input WHERE position = old.position);
END;

-- Observed-data is purged: nothing says any more what it named.
CREATE TRIGGER pattern_observed_gone AFTER DELETE ON holding WHEN old.stix_type = 'observed-data'
BEGIN
  DELETE FROM pattern_hit WHERE observed = old.id AND sighting IS NULL;
  DELETE FROM pattern_part WHERE observed = old.id;
  DELETE FROM pattern_due WHERE id = old.id;
  INSERT INTO pattern_due (id, times) SELECT id, 1 FROM holding WHERE id = old.id LIMIT 1;
END;

-- The indicator is purged: the pattern stands no more, and what it sighted under it goes with it.
CREATE TRIGGER pattern_indicator_gone AFTER DELETE ON holding
  WHEN EXISTS (SELECT 1 FROM pattern WHERE position = old.position)
BEGIN
  DELETE FROM pattern_hit WHERE pattern IN (SELECT number FROM pattern WHERE position = old.position);
  DELETE FROM pattern_input WHERE sighting IN (
    SELECT s.number FROM pattern_sighting s JOIN pattern p ON p.number = s.pattern WHERE p.position = old.position);
  DELETE FROM pattern_sighting WHERE pattern IN (SELECT number FROM pattern WHERE position = old.position);
  DELETE FROM pattern WHERE position = old.position;
  UPDATE counter SET value = value + 1 WHERE name = 'pattern-rows';
END;
