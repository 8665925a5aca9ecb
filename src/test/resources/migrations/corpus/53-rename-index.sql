-- expect: unclear 2
ALTER INDEX api_tokens_user_id RENAME TO api_tokens_owner_index;
