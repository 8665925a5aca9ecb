-- expect: breaks-old-version 5 users
-- expect: depends-on-data 5 users
-- expect: locks 5 users
-- fails: 23505
CREATE UNIQUE INDEX users_name ON users USING btree (lower(name)) WHERE name IS NOT NULL;
