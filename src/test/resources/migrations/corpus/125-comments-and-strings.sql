-- expect: nothing
/* DROP TABLE users; /* nested: DROP TABLE sessions; */ still a comment */
INSERT INTO settings (key, value) VALUES (E'a\'; DROP TABLE users; --', '{}');
INSERT INTO settings (key, value) VALUES ('b\', '{}'), ($q$c'; DROP TABLE users;$q$, '{}');
CREATE TABLE "Drop Table users;" ("select" TEXT DEFAULT U&'\0041', "x""y" TEXT);
ALTER TABLE "Drop Table users;" DROP COLUMN "x""y";
COMMENT ON COLUMN users.name IS $$ALTER TABLE users DROP COLUMN name;$$ -- no semicolon at the end
