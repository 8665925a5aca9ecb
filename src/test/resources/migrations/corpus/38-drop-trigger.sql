-- expect: breaks-old-version 2 approvals
DROP TRIGGER approvals_touch ON approvals;
