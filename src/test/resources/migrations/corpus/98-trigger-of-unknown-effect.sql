-- expect: unclear 2 users
CREATE TRIGGER users_noted BEFORE TRUNCATE ON users EXECUTE FUNCTION suppress_redundant_updates_trigger();
