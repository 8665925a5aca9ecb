-- expect: locks 2 api_tokens
ALTER TABLE api_tokens ALTER COLUMN uses SET DATA TYPE BIGINT;
