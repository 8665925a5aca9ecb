-- expect: unclear 3 audit.audit_event
-- fails: 25001
CREATE INDEX CONCURRENTLY audit_event_actor ON audit.audit_event (actor);
