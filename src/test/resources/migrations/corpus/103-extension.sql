-- expect: unclear 2
CREATE EXTENSION IF NOT EXISTS plpgsql;
