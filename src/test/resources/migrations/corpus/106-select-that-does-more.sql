-- expect: unclear 2
SELECT audit.append('migration', 'ran');
SELECT setval('public_ids', 100);
