-- expect: breaks-old-version 4 api_tokens
-- expect: depends-on-data 5 api_tokens
-- bad-rows: UPDATE api_tokens SET uses = -1
ALTER TABLE api_tokens ADD CONSTRAINT token_uses CHECK (uses >= 0) NOT VALID;
ALTER TABLE api_tokens VALIDATE CONSTRAINT token_uses;
