SELECT id, email, name, role, locked_at, created_at FROM users WHERE email = 'ada@example.com'

SELECT u.email, t.id, t.name, t.token_hash, t.uses, t.expires_at FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = '\x01'

SELECT id, user_id, ip, seen_at FROM sessions WHERE user_id = 1

SELECT id, token_id, status, commit_hash, message, updated_at FROM approvals WHERE status = 'pending'

SELECT value -> 'required' FROM settings WHERE key = 'mfa'

SELECT id, at, actor, action, details FROM audit.audit_event ORDER BY id DESC LIMIT 5

SELECT id, actor, action FROM audit.recent

SELECT day, events FROM audit.daily

SELECT day, name, value FROM audit.metric WHERE day = '2025-03-01'

SELECT nextval('public_ids')

SELECT audit.append('ada@example.com', 'logout')

SELECT 'approved'::approval_status, 'abc'::commit_id

INSERT INTO users (email) VALUES ('new@example.com')

INSERT INTO users (email, name, role, locked_at) VALUES ('one@example.com', NULL, 'admin', NULL), ('two@example.com', repeat('x', 200), 'deployer', now())

INSERT INTO users (email, name) VALUES ('ada@example.com', 'Ada Lovelace') ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name

UPDATE users SET name = 'Ada', locked_at = NULL WHERE email = 'bob@example.com'

UPDATE users SET email = repeat('e', 242) || '@example.com', role = 'viewer' WHERE id = 3

DELETE FROM users WHERE email = 'bob@example.com'

INSERT INTO api_tokens (user_id, name, token_hash) VALUES (1, 'ci', '\x04'), (2, 'ci', '\x05')

INSERT INTO api_tokens (user_id, name, token_hash) VALUES (1, 'ci', '\x01') ON CONFLICT (token_hash) DO NOTHING

INSERT INTO api_tokens (user_id, name, token_hash, uses, expires_at) VALUES (1, '', '\x06', -1, NULL)

UPDATE api_tokens SET uses = uses + 1, expires_at = NULL WHERE token_hash = '\x03'

DELETE FROM api_tokens WHERE id = 2

INSERT INTO sessions (id, user_id, ip) VALUES ('00000000-0000-0000-0000-000000000003', 1, NULL)

INSERT INTO sessions (id, user_id, ip) VALUES ('00000000-0000-0000-0000-000000000004', 1, 'not an address')

UPDATE sessions SET seen_at = now() WHERE user_id = 1

DELETE FROM sessions WHERE seen_at < now() + interval '1 hour'

INSERT INTO approvals (commit_hash) VALUES ('ghi')

INSERT INTO approvals (id, token_id, status, commit_hash, message) VALUES (100, 999, 'rejected', '', NULL)

UPDATE approvals SET status = 'approved' WHERE commit_hash = 'abc'

INSERT INTO settings (key) VALUES ('theme'), ('sound')

INSERT INTO settings (key, value) VALUES ('mfa', '[]') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value

DELETE FROM settings WHERE key = 'mfa'

INSERT INTO audit.audit_event (actor, action) VALUES ('ada@example.com', repeat('a', 50))

INSERT INTO audit.audit_event (at, actor, action, details) VALUES (now(), 'ada@example.com', 'login', NULL)

INSERT INTO audit.metric (day, name, value) VALUES ('2025-04-01', 'requests', NULL), ('2030-04-01', 'requests', 1)
