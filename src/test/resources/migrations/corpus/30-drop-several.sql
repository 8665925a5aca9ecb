-- expect: breaks-old-version 5 audit.recent
-- expect: breaks-old-version 6 audit.daily
-- expect: breaks-old-version 7 settings
-- expect: breaks-old-version 7 sessions
DROP VIEW audit.recent;
DROP MATERIALIZED VIEW audit.daily;
DROP TABLE settings, sessions CASCADE;
