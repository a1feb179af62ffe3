DROP INDEX view_identity;
ALTER TABLE view DROP COLUMN identity;
DELETE FROM counter WHERE name IN ('collections', 'views');
