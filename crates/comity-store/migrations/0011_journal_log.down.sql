DROP TABLE journal_reader;
DROP TABLE journal_tile;
DROP TABLE journal_head;
