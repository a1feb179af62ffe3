DROP TABLE told_version;
