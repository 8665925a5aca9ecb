-- expect: nothing
CREATE POLICY everybody ON users USING (true);
