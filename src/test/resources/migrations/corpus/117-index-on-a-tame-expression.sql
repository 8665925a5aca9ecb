-- expect: locks 2 users
CREATE INDEX users_lower ON users USING btree (lower(email) text_pattern_ops, coalesce(name, '')) WHERE role IN ('admin') AND locked_at IS NULL;
