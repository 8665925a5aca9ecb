-- expect: breaks-old-version 2 users
CREATE TRIGGER users_touch AFTER INSERT ON users FOR EACH STATEMENT EXECUTE PROCEDURE unused_guard();
