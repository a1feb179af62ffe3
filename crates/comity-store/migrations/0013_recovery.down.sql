ALTER TABLE statement_out DROP COLUMN void;
DROP TABLE epoch_end;
DROP TABLE doubt;
