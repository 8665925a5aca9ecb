-- expect: nothing
CREATE OR REPLACE FUNCTION initials(p_name TEXT) RETURNS TEXT LANGUAGE plpgsql AS $body$
BEGIN
  -- DROP TABLE users; is text here, as is $$ and ';'
  RETURN left(p_name, 1);
END;
$body$;
CREATE FUNCTION twice(i INTEGER) RETURNS INTEGER LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN i > 0 THEN i * 2 ELSE 0 END; END;
