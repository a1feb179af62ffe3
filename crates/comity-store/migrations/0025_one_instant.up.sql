-- One instant is one version. Where rows of the newest instant of an object say different things, readers get what came first of
-- them, and not any more what came last; it enters anew, so that whoever follows what enters sees it.
CREATE TABLE anew AS
  SELECT row_number() OVER (ORDER BY n.entered) AS nth, n.entered, n.versions, n.stix_type,
    (SELECT max(h.position) FROM holding h
     WHERE h.id = c.id AND h.modified = c.modified AND h.digest = f.digest AND h.source >= 0 AND (h.source = 0) = (c.source = 0)
       AND h.position NOT IN (SELECT position FROM staged) AND h.position NOT IN (SELECT position FROM frozen)) AS position
  FROM newest n JOIN holding c ON c.position = n.position
  JOIN holding f ON f.position =
    (SELECT min(h.position) FROM holding h
     WHERE h.id = c.id AND h.modified = c.modified AND h.source >= 0 AND (h.source = 0) = (c.source = 0)
       AND h.position NOT IN (SELECT position FROM staged) AND h.position NOT IN (SELECT position FROM frozen))
  WHERE f.digest <> c.digest;
DELETE FROM newest WHERE entered IN (SELECT entered FROM anew);
INSERT INTO newest (entered, position, partner, versions, stix_type, until)
  SELECT k.value + a.nth, a.position, p.partner, a.versions, a.stix_type, t.until
  FROM anew a JOIN counter k ON k.name = 'entered' JOIN holding h ON h.position = a.position
  JOIN provenance p ON p.number = h.provenance LEFT JOIN term t ON t.provenance = h.provenance;
UPDATE counter SET value = value + (SELECT count(*) FROM anew) WHERE name = 'entered';
DROP TABLE anew;
