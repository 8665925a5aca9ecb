INSERT INTO users (email, name, role) VALUES
  ('ada@example.com', 'Ada', 'admin'),
  ('bob@example.com', NULL, 'viewer'),
  ('cyd@example.com', 'Ada', 'deployer');

INSERT INTO api_tokens (user_id, name, token_hash, uses, expires_at) VALUES
  (1, 'ci', '\x01', 3, NULL),
  (1, 'ci', '\x02', 0, '2030-01-01'),
  (3, 'laptop', '\x03', 7, NULL);

INSERT INTO sessions (id, user_id, ip) VALUES
  ('00000000-0000-0000-0000-000000000001', 1, '10.0.0.1'),
  ('00000000-0000-0000-0000-000000000002', 2, NULL);

INSERT INTO approvals (token_id, status, commit_hash, message) VALUES
  (1, 'pending', 'abc', NULL),
  (NULL, 'approved', 'def', 'go');

INSERT INTO settings (key, value) VALUES ('mfa', '{"required": true}');

INSERT INTO audit.audit_event (actor, action, details, at) VALUES
  ('ada@example.com', 'login', NULL, '2025-02-01'),
  ('bob@example.com', 'deploy', 'app web', '2025-02-02');

INSERT INTO audit.metric VALUES ('2025-03-01', 'requests', 12), ('2024-03-01', 'requests', 9);

REFRESH MATERIALIZED VIEW audit.daily;
