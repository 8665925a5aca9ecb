-- expect: breaks-old-version 5 api_tokens
-- expect: depends-on-data 5 api_tokens
-- expect: locks 5 api_tokens
-- fails: 23514
ALTER TABLE api_tokens ADD COLUMN scope TEXT CHECK (uses = 0 OR scope IS NOT NULL);
