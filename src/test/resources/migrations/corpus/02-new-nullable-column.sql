-- expect: nothing
ALTER TABLE users ADD COLUMN phone TEXT, ADD COLUMN IF NOT EXISTS pager VARCHAR(40);
