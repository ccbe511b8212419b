-- Links that were made before the till joined a message server report to nobody, or to another one.

ALTER TABLE link ADD COLUMN reports_to INTEGER;
