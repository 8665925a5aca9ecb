-- expect: unclear 2
CREATE OR REPLACE FUNCTION audit.append(p_actor TEXT, p_action TEXT) RETURNS BIGINT LANGUAGE sql AS $$ SELECT 0::bigint $$;
