-- expect: nothing
ALTER TABLE ONLY users ADD COLUMN prefs JSONB DEFAULT '{}'::jsonb NOT NULL, ADD labels TEXT[] NOT NULL DEFAULT ARRAY[]::text[];
