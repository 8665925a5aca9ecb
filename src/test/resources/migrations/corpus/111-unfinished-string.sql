-- expect: unclear 3
-- fails: 42601
INSERT INTO settings (key) VALUES ('x
);
