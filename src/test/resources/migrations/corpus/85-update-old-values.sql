-- expect: unclear 3 users
-- expect: locks 3 users
UPDATE users SET role = 'viewer' WHERE role = 'deployer';
