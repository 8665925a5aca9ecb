-- expect: breaks-old-version 2 users
ALTER TABLE users DROP CONSTRAINT users_email_key;
