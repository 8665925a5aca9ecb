-- expect: breaks-old-version 2 api_tokens
ALTER TABLE api_tokens RENAME name TO label;
