-- In which release something was lost, masked or derived first, so that one that was composed before, and waits, does not go
-- as if nothing had been. What is older is of none.
ALTER TABLE loss ADD COLUMN release INTEGER NOT NULL DEFAULT 0;
ALTER TABLE masked ADD COLUMN release INTEGER NOT NULL DEFAULT 0;
ALTER TABLE derivative ADD COLUMN release INTEGER NOT NULL DEFAULT 0;
