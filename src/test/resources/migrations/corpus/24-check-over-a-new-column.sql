-- expect: locks 3 users
ALTER TABLE users ADD COLUMN age INTEGER;
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0);
