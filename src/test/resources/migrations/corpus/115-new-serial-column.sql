-- expect: unclear 5 sessions
-- expect: locks 5 sessions
-- expect: unclear 5 sessions
-- expect: locks 5 sessions
ALTER TABLE sessions ADD COLUMN number BIGSERIAL, ADD COLUMN place INT DEFAULT nextval('public_ids');
