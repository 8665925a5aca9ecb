-- expect: locks 2 users
LOCK TABLE users IN SHARE MODE;
LOCK audit.audit_event IN ACCESS SHARE MODE;
