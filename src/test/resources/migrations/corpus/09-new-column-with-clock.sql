-- expect: locks 2 sessions
ALTER TABLE sessions ADD COLUMN born TIMESTAMPTZ DEFAULT clock_timestamp();
