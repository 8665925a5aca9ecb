-- expect: locks 2 users
CLUSTER users USING users_pkey;
