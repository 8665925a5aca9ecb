-- expect: breaks-old-version 2 sessions
REVOKE UPDATE, DELETE ON TABLE sessions FROM gateway_app;
