ALTER TABLE unit DROP COLUMN grant_envelope;
ALTER TABLE unit DROP COLUMN certificate;
