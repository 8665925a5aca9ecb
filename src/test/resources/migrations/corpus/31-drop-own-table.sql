-- expect: nothing
CREATE TABLE scratch (id INTEGER);
INSERT INTO scratch SELECT id FROM users;
DROP TABLE scratch;
