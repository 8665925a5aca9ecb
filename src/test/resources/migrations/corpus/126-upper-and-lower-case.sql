-- expect: breaks-old-version 6 users
-- expect: depends-on-data 6 users
-- expect: locks 6 users
-- fails: 23502
aLtEr TABLE Users
    Alter COLUMN Name sEt Not
    NULL;
