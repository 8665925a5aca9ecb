-- expect: nothing
CREATE VIEW audit.logins AS SELECT * FROM audit.audit_event WHERE action = 'login';
CREATE MATERIALIZED VIEW audit.weekly AS SELECT 1 AS one;
REFRESH MATERIALIZED VIEW audit.weekly;
