-- expect: locks 2 sessions
ALTER TABLE sessions ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY;
