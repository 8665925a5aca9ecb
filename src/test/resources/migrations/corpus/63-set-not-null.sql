-- expect: breaks-old-version 5 users
-- expect: depends-on-data 5 users
-- expect: locks 5 users
-- fails: 23502
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
