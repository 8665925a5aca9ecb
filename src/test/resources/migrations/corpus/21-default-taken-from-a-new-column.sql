-- expect: breaks-old-version 3 users
ALTER TABLE users ADD COLUMN tier TEXT NOT NULL DEFAULT 'free';
ALTER TABLE users ALTER COLUMN tier DROP DEFAULT;
