-- expect: breaks-old-version 4 users
-- expect: depends-on-data 4 users
-- fails: 23502
ALTER TABLE users ADD COLUMN team TEXT NOT NULL DEFAULT NULL;
