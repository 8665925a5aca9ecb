-- expect: unclear 3
-- fails: 42601
\set ON_ERROR_STOP on
ALTER TABLE users ADD COLUMN a TEXT;
