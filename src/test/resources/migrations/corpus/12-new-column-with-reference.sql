-- expect: nothing
ALTER TABLE api_tokens ADD COLUMN created_by BIGINT REFERENCES users (id) ON DELETE SET NULL;
