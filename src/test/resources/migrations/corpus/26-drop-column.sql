-- expect: breaks-old-version 2 users
ALTER TABLE users DROP COLUMN IF EXISTS locked_at;
