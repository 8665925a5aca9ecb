-- expect: unclear 3
-- expect: breaks-old-version 4
CREATE FUNCTION audit.append(p_actor TEXT, p_action TEXT, p_details TEXT DEFAULT NULL) RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::bigint';
DROP FUNCTION audit.append(TEXT, TEXT);
