-- expect: unclear 4 users
-- fails: 23502
CREATE DOMAIN code AS TEXT NOT NULL;
ALTER TABLE users ADD COLUMN code code;
