-- expect: breaks-old-version 2 approvals
ALTER TABLE approvals ALTER COLUMN id SET GENERATED ALWAYS;
