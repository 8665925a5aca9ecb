-- expect: breaks-old-version 5 sessions
-- expect: depends-on-data 5 sessions
-- expect: locks 5 sessions
-- bad-rows: UPDATE sessions SET ip = 'nowhere'
CREATE INDEX sessions_ip ON sessions ((ip::inet));
