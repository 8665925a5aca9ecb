-- expect: breaks-old-version 5 api_tokens
-- expect: depends-on-data 5 api_tokens
-- expect: locks 5 api_tokens
-- fails: 23505
ALTER TABLE api_tokens ADD CONSTRAINT one_name UNIQUE (user_id, name);
