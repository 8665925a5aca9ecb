-- expect: breaks-old-version 2 sessions
ALTER TABLE sessions SET SCHEMA audit;
