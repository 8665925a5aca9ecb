-- expect: unclear 2 api_tokens
ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_owner;
