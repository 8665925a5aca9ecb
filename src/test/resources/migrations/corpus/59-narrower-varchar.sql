-- expect: breaks-old-version 5 users
-- expect: depends-on-data 5 users
-- expect: locks 5 users
-- bad-rows: UPDATE users SET name = repeat('x', 150)
ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(100);
