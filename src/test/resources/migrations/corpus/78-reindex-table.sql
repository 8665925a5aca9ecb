-- expect: locks 2 audit.audit_event
REINDEX TABLE audit.audit_event;
