-- expect: locks 2 users
ALTER TABLE users ADD COLUMN handle TEXT UNIQUE;
