-- expect: breaks-old-version 5 users
-- expect: depends-on-data 5 users
-- expect: locks 5 users
-- fails: 23514
ALTER TABLE users ADD COLUMN code TEXT CHECK (CASE WHEN code = 'a' THEN true ELSE false END);
