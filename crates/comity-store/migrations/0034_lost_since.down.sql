ALTER TABLE derivative DROP COLUMN release;
ALTER TABLE masked DROP COLUMN release;
ALTER TABLE loss DROP COLUMN release;
