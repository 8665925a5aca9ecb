-- expect: breaks-old-version 2
DROP INDEX IF EXISTS public.api_tokens_token_hash;
