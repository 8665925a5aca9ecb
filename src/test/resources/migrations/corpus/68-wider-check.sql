-- expect: unclear 6 users
-- expect: depends-on-data 6 users
-- expect: locks 6 users
-- bad-rows: ALTER TABLE users DROP CONSTRAINT users_role_check; UPDATE users SET role = 'guest'; ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role <> 'nobody')
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('viewer', 'deployer', 'admin', 'owner'));
