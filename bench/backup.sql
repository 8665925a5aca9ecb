-- A database of the real gateway's shape for bench/backup: :rows rows of the audit log, and the tables around it. The log is a
-- hash chain that only grows, in a schema and with roles of its own; nine indexes, as the real one has.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;

CREATE EXTENSION pgcrypto;
CREATE SCHEMA audit;

CREATE TABLE users (
  id bigserial PRIMARY KEY,
  email varchar(254) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  roles text[] NOT NULL,
  suspended boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE api_tokens (
  id bigserial PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users,
  public_id uuid NOT NULL UNIQUE,
  token_hash bytea NOT NULL UNIQUE,
  name varchar(150) NOT NULL,
  permissions jsonb NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz
);
CREATE TABLE user_sessions (
  id bigserial PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users,
  token_hash bytea NOT NULL UNIQUE,
  channel varchar(16) NOT NULL,
  ip_address inet,
  user_agent varchar(512),
  metadata jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX user_sessions_user ON user_sessions (user_id, last_seen_at DESC);
CREATE INDEX user_sessions_expiry ON user_sessions (expires_at);
CREATE TABLE deploy_approval_requests (
  id bigserial PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,
  created_by bigint NOT NULL REFERENCES users,
  app varchar(100) NOT NULL,
  git_commit_hash varchar(64) NOT NULL,
  message text NOT NULL,
  ci_metadata jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'deployed')),
  created_at timestamptz NOT NULL
);
CREATE INDEX deploy_approval_requests_lookup ON deploy_approval_requests (app, git_commit_hash, status);
CREATE TABLE settings (
  app varchar(100) NOT NULL,
  key varchar(100) NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (app, key)
);
CREATE TABLE schema_migrations (version text PRIMARY KEY, applied_at timestamptz NOT NULL);

CREATE TABLE audit.audit_event (
  id bigserial PRIMARY KEY,
  timestamp timestamptz NOT NULL DEFAULT now(),
  chain_index bigint NOT NULL,
  previous_hash bytea,
  event_hash bytea NOT NULL,
  checkpoint_id varchar(255),
  user_email varchar(254) NOT NULL,
  user_name varchar(200),
  api_token_id bigint,
  api_token_name varchar(150),
  action_type varchar(100) NOT NULL,
  action varchar(150) NOT NULL,
  command text CHECK (char_length(command) <= 2000),
  resource varchar(255),
  resource_type varchar(100),
  details text CHECK (char_length(details) <= 8000),
  request_id varchar(255),
  ip_address inet,
  user_agent varchar(512),
  status varchar(32) NOT NULL,
  rbac_decision varchar(16),
  http_status integer,
  response_time_ms integer NOT NULL DEFAULT 0,
  CONSTRAINT audit_event_hash_length CHECK (octet_length(event_hash) = 32)
);
CREATE TABLE audit.audit_event_aggregated (
  id serial PRIMARY KEY,
  first_event_id bigint NOT NULL,
  last_event_id bigint NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  last_hash bytea NOT NULL,
  event_count integer NOT NULL,
  user_email varchar(254) NOT NULL,
  action_type varchar(100) NOT NULL,
  action varchar(150) NOT NULL,
  resource varchar(255),
  user_agent varchar(512),
  status varchar(32) NOT NULL
);

SELECT setseed(0.42);
INSERT INTO users (email, name, roles, created_at, updated_at)
  SELECT 'person.' || i || '@example.com', 'Person Number ' || i, ARRAY['viewer', 'deployer'], now() - i * interval '1 hour', now()
  FROM generate_series(1, 400) i;
INSERT INTO api_tokens (user_id, public_id, token_hash, name, permissions, last_used_at)
  SELECT 1 + i % 400, gen_random_uuid(), sha256(('token' || i)::bytea), 'ci-token-' || i,
    '["convox:app:list", "convox:build:create", "convox:release:promote"]', now() - i * interval '1 minute'
  FROM generate_series(1, 2000) i;
INSERT INTO user_sessions (user_id, token_hash, channel, ip_address, user_agent, metadata, created_at, last_seen_at, expires_at)
  SELECT 1 + i % 400, sha256(('session' || i)::bytea), CASE i % 3 WHEN 0 THEN 'cli' ELSE 'web' END,
    ('10.' || i % 200 || '.' || i % 251 || '.' || i % 241)::inet,
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_' || i % 8 || ') AppleWebKit/537.36 Chrome/' || 100 + i % 30 || '.0.0.0 Safari/537.36',
    jsonb_build_object('device', 'device-' || i % 900, 'mfa', 'webauthn', 'verified_at', now() - i * interval '1 second'),
    now() - i * interval '3 minutes', now() - i * interval '2 minutes', now() + interval '30 days'
  FROM generate_series(1, greatest(100, :rows / 12)) i;
INSERT INTO deploy_approval_requests (public_id, created_by, app, git_commit_hash, message, ci_metadata, status, created_at)
  SELECT gen_random_uuid(), 1 + i % 400, 'app-' || i % 40, encode(sha256(i::text::bytea), 'hex'),
    'Deploy build ' || i || ' of the main branch after its pipeline passed',
    jsonb_build_object('pipeline', i, 'url', 'https://ci.example.com/pipelines/' || i, 'branch', 'main', 'author', 'person.' || i % 400),
    (ARRAY['approved', 'rejected', 'expired', 'deployed'])[1 + i % 4], now() - i * interval '5 minutes'
  FROM generate_series(1, greatest(100, :rows / 25)) i;
INSERT INTO settings SELECT 'app-' || i % 40, 'key-' || i / 40, jsonb_build_object('value', i) FROM generate_series(0, 799) i;
INSERT INTO schema_migrations SELECT (20251001000000 + i)::text, now() FROM generate_series(1, 30) i;

INSERT INTO audit.audit_event (timestamp, chain_index, previous_hash, event_hash, checkpoint_id, user_email, user_name, api_token_id,
    api_token_name, action_type, action, command, resource, resource_type, details, request_id, ip_address, user_agent, status,
    rbac_decision, http_status, response_time_ms)
  SELECT timestamptz '2025-10-08' + i * interval '7.31 seconds' + r * interval '5 seconds', i,
    CASE WHEN i > 0 THEN sha256(int8send(i - 1)) END, sha256(int8send(i)),
    CASE WHEN i >= 1000 THEN 'checkpoints/2025/' || i / 1000 || '.json' END,
    'person.' || (r * 400)::int || '@example.com', 'Person Number ' || (r * 400)::int,
    CASE WHEN i % 3 = 0 THEN 1 + i % 2000 END, CASE WHEN i % 3 = 0 THEN 'ci-token-' || 1 + i % 2000 END,
    (ARRAY['convox', 'users', 'auth', 'tokens', 'deploy'])[1 + (i * 7 % 5)::int],
    (ARRAY['app.list', 'process.exec', 'release.promote', 'build.create', 'session.create', 'log.read'])[1 + (r * 5)::int],
    CASE WHEN i % 6 = 0 THEN 'bundle exec rails runner "Maintenance::Task' || (r * 5000)::int || '.perform(dry_run: false)"' END,
    'app-' || (r * 40)::int || '/RB' || upper(substr(md5(i::text), 1, 10)), (ARRAY['app', 'process', 'release', 'build'])[1 + i % 4],
    json_build_object('app', 'app-' || (r * 40)::int, 'release', 'R' || upper(substr(md5((i * 3)::text), 1, 10)),
      'process', 'web-' || substr(md5((i * 5)::text), 1, 12), 'instance', 'i-0' || substr(md5((i / 50)::text), 1, 16),
      'query', json_build_object('limit', 100, 'since', i % 3600), 'source', 'gateway')::text,
    gen_random_uuid(), ('10.' || (r * 200)::int || '.' || i % 251 || '.' || i % 241)::inet,
    CASE WHEN i % 3 = 0 THEN 'convox/3.' || i % 19 || '.2 (linux/amd64)'
      ELSE 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/' || 100 + i % 30 || '.0.0.0 Safari/537.36' END,
    CASE WHEN r < 0.97 THEN 'success' ELSE 'denied' END, CASE WHEN r < 0.97 THEN 'allow' ELSE 'deny' END,
    CASE WHEN r < 0.97 THEN 200 ELSE 403 END, (r * 900)::int
  FROM (SELECT i, random() AS r FROM generate_series(0, :rows - 1) i) AS events;
INSERT INTO audit.audit_event_aggregated (first_event_id, last_event_id, first_seen, last_seen, last_hash, event_count, user_email,
    action_type, action, resource, user_agent, status)
  SELECT id, id + 9, timestamp, timestamp + interval '1 minute', event_hash, 10, user_email, action_type, action, resource, user_agent,
    status
  FROM audit.audit_event WHERE id % 10 = 1;

CREATE INDEX ON audit.audit_event (timestamp DESC);
CREATE INDEX ON audit.audit_event (user_email, timestamp DESC);
CREATE INDEX ON audit.audit_event (action_type, timestamp DESC);
CREATE INDEX ON audit.audit_event (status, timestamp DESC);
CREATE INDEX ON audit.audit_event (api_token_id);
CREATE UNIQUE INDEX ON audit.audit_event (chain_index DESC);
CREATE INDEX ON audit.audit_event (checkpoint_id) WHERE checkpoint_id IS NOT NULL;
CREATE INDEX ON audit.audit_event (request_id);
CREATE INDEX ON audit.audit_event_aggregated (last_seen DESC);
CREATE INDEX ON audit.audit_event_aggregated (user_email, action_type, status, last_seen DESC);

CREATE FUNCTION audit.forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log only grows: % is forbidden', TG_OP;
END $$;
CREATE TRIGGER forbid_update BEFORE UPDATE ON audit.audit_event FOR EACH ROW EXECUTE FUNCTION audit.forbid_change();
CREATE TRIGGER forbid_delete BEFORE DELETE ON audit.audit_event FOR EACH ROW EXECUTE FUNCTION audit.forbid_change();
ALTER TABLE audit.audit_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_appends ON audit.audit_event FOR INSERT WITH CHECK (true);
VACUUM ANALYZE;
CHECKPOINT;
