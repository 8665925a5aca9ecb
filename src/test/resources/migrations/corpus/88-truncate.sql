-- expect: breaks-old-version 2 audit.audit_event
TRUNCATE TABLE audit.audit_event RESTART IDENTITY;
