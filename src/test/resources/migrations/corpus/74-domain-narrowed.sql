-- expect: breaks-old-version 4
-- expect: depends-on-data 4
-- bad-rows: UPDATE approvals SET commit_hash = ''
ALTER DOMAIN commit_id ADD CONSTRAINT no_blank CHECK (VALUE <> '');
