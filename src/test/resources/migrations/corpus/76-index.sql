-- expect: locks 2 audit.audit_event
CREATE INDEX IF NOT EXISTS audit_event_actor ON audit.audit_event (actor, at DESC) INCLUDE (action);
