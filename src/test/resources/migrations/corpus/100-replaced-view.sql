-- expect: unclear 2 audit.recent
CREATE OR REPLACE VIEW audit.recent AS SELECT id, actor, action, at FROM audit.audit_event;
