-- expect: unclear 3
-- fails: 25001
VACUUM FULL users;
