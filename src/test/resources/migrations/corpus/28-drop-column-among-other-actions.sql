-- expect: breaks-old-version 5 users
ALTER TABLE users
  ADD COLUMN phone TEXT,
  -- the old one is gone
  DROP COLUMN name;
