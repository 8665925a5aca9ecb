-- expect: breaks-old-version 5 sessions
-- expect: depends-on-data 5 sessions
-- expect: locks 5 sessions
-- bad-rows: UPDATE sessions SET ip = 'nowhere'
ALTER TABLE sessions ADD COLUMN address INET GENERATED ALWAYS AS (ip::inet) STORED;
