-- expect: unclear 3
SET LOCAL lock_timeout = '5s';
SET LOCAL search_path TO audit;
ALTER TABLE audit_event ADD COLUMN note TEXT;
