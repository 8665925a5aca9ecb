-- expect: unclear 2 users
ALTER TABLE users REPLICA IDENTITY FULL;
