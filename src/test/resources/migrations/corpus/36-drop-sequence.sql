-- expect: breaks-old-version 2
DROP SEQUENCE public_ids;
