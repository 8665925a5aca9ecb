-- expect: breaks-old-version 2
DROP SCHEMA audit CASCADE;
