-- expect: locks 2 sessions
ALTER TABLE sessions ADD COLUMN public_id UUID NOT NULL DEFAULT gen_random_uuid();
