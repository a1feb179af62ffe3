-- What the feeds brought stays held.
DROP TABLE feed_collection;
DROP TABLE feed;
