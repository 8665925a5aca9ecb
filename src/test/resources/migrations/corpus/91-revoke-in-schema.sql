-- expect: breaks-old-version 2
REVOKE SELECT ON ALL TABLES IN SCHEMA audit FROM gateway_app;
