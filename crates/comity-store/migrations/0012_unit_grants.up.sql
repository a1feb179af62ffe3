-- What an officer granted a unit: the certificate of the officer, and the signed grant.
ALTER TABLE unit ADD COLUMN certificate TEXT;
ALTER TABLE unit ADD COLUMN grant_envelope TEXT;
