-- What was said outside the system goes with its tables; the journal keeps that it was entered.
DROP TABLE contact_report;
DROP TABLE contact_link;
DROP TABLE contact;
