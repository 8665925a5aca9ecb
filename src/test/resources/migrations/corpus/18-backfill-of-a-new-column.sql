-- expect: locks 3 users
ALTER TABLE users ADD COLUMN display_name TEXT;
UPDATE users SET display_name = coalesce((SELECT name FROM api_tokens WHERE user_id = users.id LIMIT 1), name, email) WHERE display_name IS NULL;
