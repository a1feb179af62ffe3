DROP INDEX derivative_any;
DROP INDEX derivative_derived;
DROP TRIGGER mention_out;
DROP TRIGGER mention_in;
DROP TABLE mention;
