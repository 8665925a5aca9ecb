-- expect: locks 2 sessions
ALTER TABLE sessions SET UNLOGGED;
