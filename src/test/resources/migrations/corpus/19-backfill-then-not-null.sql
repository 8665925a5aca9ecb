-- expect: locks 7 users
-- expect: breaks-old-version 8 users
-- expect: depends-on-data 8 users
-- expect: locks 8 users
-- bad-rows: CREATE RULE no_update AS ON UPDATE TO users DO INSTEAD NOTHING
ALTER TABLE users ADD COLUMN display_name TEXT;
UPDATE users SET display_name = coalesce(name, email);
ALTER TABLE users ALTER COLUMN display_name SET NOT NULL;
