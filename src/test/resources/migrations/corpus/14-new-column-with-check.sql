-- expect: locks 2 users
ALTER TABLE users ADD COLUMN theme TEXT CHECK (theme IN ('light', 'dark'));
