-- expect: breaks-old-version 7 sessions
-- expect: depends-on-data 7 sessions
-- expect: locks 7 sessions
-- conservative: two sessions of one user at the same instant are rare
-- bad-rows: INSERT INTO sessions SELECT '00000000-0000-0000-0000-000000000009', user_id, ip, seen_at FROM sessions WHERE user_id = 1
CREATE TABLE marks (id INTEGER);
CREATE UNIQUE INDEX one_session ON sessions (user_id, seen_at);
ALTER TABLE sessions ADD CONSTRAINT one_session UNIQUE USING INDEX one_session;
