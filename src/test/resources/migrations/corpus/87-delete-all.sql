-- expect: breaks-old-version 3 sessions
-- expect: locks 3 sessions
DELETE FROM sessions;
