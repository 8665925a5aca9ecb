-- expect: locks 6 users
-- expect: depends-on-data 7 users
-- expect: locks 7 users
-- fails: 23505
ALTER TABLE users ADD COLUMN slug TEXT;
UPDATE users SET slug = name;
CREATE UNIQUE INDEX users_slug ON users (slug);
