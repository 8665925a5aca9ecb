-- expect: breaks-old-version 5 approvals
-- expect: depends-on-data 5 approvals
-- expect: locks 5 approvals
-- bad-rows: UPDATE approvals SET token_id = 77
ALTER TABLE approvals ADD FOREIGN KEY (token_id) REFERENCES api_tokens;
