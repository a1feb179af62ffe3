-- The order of a matter is that of the party that did not open it, and what the partner refused was not said.
ALTER TABLE matter_entry ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matter_entry ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
UPDATE matter_entry SET place = number;
UPDATE matter_entry SET refused = 1
  WHERE statement IN (SELECT digest FROM statement_out WHERE outcome = 'refused');
