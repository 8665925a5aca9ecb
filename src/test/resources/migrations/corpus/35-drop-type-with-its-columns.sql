-- expect: breaks-old-version 2
DROP TYPE approval_status CASCADE;
