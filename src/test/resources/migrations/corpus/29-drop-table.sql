-- expect: breaks-old-version 2 sessions
DROP TABLE IF EXISTS sessions;
