-- expect: breaks-old-version 6 users
-- expect: depends-on-data 6 users
-- expect: locks 6 users
-- fails: 23505
ALTER TABLE users ADD COLUMN code TEXT;
CREATE UNIQUE INDEX users_code ON users (coalesce(code, ''));
