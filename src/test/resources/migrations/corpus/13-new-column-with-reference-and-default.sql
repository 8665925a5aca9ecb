-- expect: breaks-old-version 6 api_tokens
-- expect: depends-on-data 6 api_tokens
-- expect: locks 6 api_tokens
-- conservative: the row that the default refers to is there
-- bad-rows: DELETE FROM sessions; DELETE FROM users WHERE id = 1; INSERT INTO api_tokens (user_id, name, token_hash) VALUES (3, 'x', '\x99')
ALTER TABLE api_tokens ADD COLUMN created_by BIGINT DEFAULT 1 REFERENCES users (id) ON DELETE CASCADE;
