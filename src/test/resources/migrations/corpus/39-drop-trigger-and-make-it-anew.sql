-- expect: unclear 3 approvals
-- expect: unclear 4 approvals
DROP TRIGGER IF EXISTS approvals_touch ON approvals;
CREATE TRIGGER approvals_touch BEFORE INSERT OR UPDATE ON approvals FOR EACH ROW EXECUTE FUNCTION touch();
