-- expect: breaks-old-version 4 api_tokens
-- expect: breaks-old-version 4 api_tokens
-- expect: locks 4 api_tokens
ALTER TABLE api_tokens ALTER COLUMN uses DROP DEFAULT, ALTER COLUMN uses TYPE text;
