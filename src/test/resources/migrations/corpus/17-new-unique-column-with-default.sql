-- expect: breaks-old-version 5 users
-- expect: depends-on-data 5 users
-- expect: locks 5 users
-- fails: 23505
ALTER TABLE users ADD COLUMN handle TEXT DEFAULT 'none' UNIQUE;
