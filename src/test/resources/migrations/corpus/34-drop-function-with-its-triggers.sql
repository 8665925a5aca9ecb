-- expect: breaks-old-version 2
DROP FUNCTION touch() CASCADE;
