-- expect: unclear 2 users
ALTER TABLE users RENAME CONSTRAINT users_email_key TO users_email_unique;
