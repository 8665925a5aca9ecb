-- expect: breaks-old-version 3 settings
-- conservative: the view stands in for the table, which the lint cannot tell
ALTER TABLE settings RENAME TO options;
CREATE VIEW settings AS SELECT * FROM options;
