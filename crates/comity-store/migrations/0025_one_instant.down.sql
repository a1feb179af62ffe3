-- What readers get of one instant does not change back: both rows are there.
SELECT 1;
