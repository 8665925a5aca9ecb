-- expect: nothing
DROP INDEX api_tokens_user_id;
