-- expect: breaks-old-version 2 settings
ALTER TABLE settings RENAME TO options;
CREATE VIEW settings AS SELECT * FROM options;
