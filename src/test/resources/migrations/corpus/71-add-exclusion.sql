-- expect: breaks-old-version 5 settings
-- expect: depends-on-data 5 settings
-- expect: locks 5 settings
-- bad-rows: INSERT INTO settings (key, value) VALUES ('mfa2', '{"required": true}')
ALTER TABLE settings ADD EXCLUDE USING btree (value WITH =);
