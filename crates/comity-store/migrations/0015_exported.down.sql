-- What was written for a courier is written again where it is asked for.
DROP TABLE pouch_exported;
