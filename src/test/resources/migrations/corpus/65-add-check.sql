-- expect: breaks-old-version 5 api_tokens
-- expect: depends-on-data 5 api_tokens
-- expect: locks 5 api_tokens
-- bad-rows: UPDATE api_tokens SET name = ''
ALTER TABLE api_tokens ADD CONSTRAINT token_named CHECK (name <> '');
