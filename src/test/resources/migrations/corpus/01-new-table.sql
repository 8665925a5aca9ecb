-- expect: nothing
CREATE TABLE IF NOT EXISTS deploy_windows (
  id BIGSERIAL PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('open', 'frozen')),
  note TEXT DEFAULT 'it''s; fine',
  UNIQUE (user_id, kind)
);
CREATE INDEX ON deploy_windows (kind);
CREATE UNIQUE INDEX deploy_windows_note ON deploy_windows (note);
ALTER TABLE deploy_windows ADD COLUMN until TIMESTAMPTZ NOT NULL, DROP COLUMN note;
ALTER TABLE deploy_windows ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE deploy_windows IS 'DROP TABLE users;';
