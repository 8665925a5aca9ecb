-- expect: breaks-old-version 2 api_tokens
ALTER TABLE api_tokens ADD CHECK (uses >= 0) NOT VALID;
