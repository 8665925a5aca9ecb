-- expect: breaks-old-version 2 public.users
ALTER TABLE IF EXISTS "public"."users" DROP "name" CASCADE;
