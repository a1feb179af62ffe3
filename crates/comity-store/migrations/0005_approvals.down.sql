DROP TABLE standing_use;
DROP TABLE standing;
DROP TABLE clause_use;
DROP TABLE release_object;
