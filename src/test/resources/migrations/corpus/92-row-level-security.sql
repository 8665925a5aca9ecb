-- expect: breaks-old-version 2 users
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
