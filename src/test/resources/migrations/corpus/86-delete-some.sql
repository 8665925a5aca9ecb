-- expect: unclear 3 sessions
-- expect: locks 3 sessions
DELETE FROM sessions WHERE ip IS NULL;
