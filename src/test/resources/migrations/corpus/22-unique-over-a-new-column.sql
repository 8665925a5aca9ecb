-- expect: locks 4 api_tokens
-- expect: locks 5 api_tokens
ALTER TABLE api_tokens ADD COLUMN public_id UUID;
CREATE UNIQUE INDEX api_tokens_public_id ON api_tokens (public_id);
ALTER TABLE api_tokens ADD CONSTRAINT one_public_id UNIQUE (user_id, public_id);
