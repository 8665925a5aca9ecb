-- expect: unclear 2 approvals
ALTER TABLE approvals ALTER COLUMN commit_hash DROP NOT NULL;
