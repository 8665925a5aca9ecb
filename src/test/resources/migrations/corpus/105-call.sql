-- expect: unclear 3
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM sessions';
CALL tidy();
