-- expect: locks 3 users
ALTER TABLE users ADD COLUMN tier TEXT DEFAULT 'free';
ALTER TABLE users ALTER COLUMN tier SET NOT NULL;
