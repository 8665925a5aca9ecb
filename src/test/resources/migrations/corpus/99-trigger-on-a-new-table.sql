-- expect: nothing
CREATE TABLE notes (id INTEGER, updated_at TIMESTAMPTZ);
CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
