-- expect: breaks-old-version 2
DROP FUNCTION audit.append(TEXT, TEXT);
