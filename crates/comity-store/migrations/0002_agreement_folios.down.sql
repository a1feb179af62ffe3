DROP TABLE agreement_folio;
