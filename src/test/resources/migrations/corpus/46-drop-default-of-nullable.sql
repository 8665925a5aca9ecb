-- expect: nothing
ALTER TABLE users ALTER name SET DEFAULT 'nobody';
ALTER TABLE users ALTER name DROP DEFAULT;
