-- expect: breaks-old-version 3 public.users
CREATE TEMPORARY TABLE users (id BIGINT);
DROP TABLE public.users CASCADE;
