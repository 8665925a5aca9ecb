-- expect: nothing
INSERT INTO settings (key, value) VALUES ('limits', '{"max": 5}'), ('\', '{}') ON CONFLICT DO NOTHING;
