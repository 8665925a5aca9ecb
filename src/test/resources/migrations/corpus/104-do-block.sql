-- expect: unclear 2
DO $do$ BEGIN EXECUTE 'ALTER TABLE users DROP COLUMN name'; END $do$;
